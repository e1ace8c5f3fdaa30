; The installer of Intone for one user, without an administrator: made by `make windows`
; (packaging/shipping/windows_installer.py), which gives FOLDER (PyInstaller's), ICON, OUT, VERSION, NUMBERS (the version
; as four numbers) and SIZE_KB.
;
; Silent with /S; elsewhere than in %LOCALAPPDATA%\Programs with /D=FOLDER, the last argument. Exit status 2: nothing
; was changed; 3: the parts of the earlier version could not be put back, with which the next run begins.

!define OF ""
!define UNINSTALLER "uninstall.exe"
!include common.nsh

Name "${APP}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "${UNINSTALL_KEY}\${APP}" "InstallLocation"

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${APP}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${APP} ${VERSION}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "See LICENCES.txt"

; What makes up a version: `shipping.windows_installer.BESIDE` has the files beside `_internal`.
!macro EACH_PART action
  !insertmacro ${action} "_internal"
  !insertmacro ${action} "${COMMAND}"
  !insertmacro ${action} "${PROGRAM}"
  !insertmacro ${action} "CHANGELOG.md"
  !insertmacro ${action} "LICENCES.txt"
!macroend

!define SHORTCUT "$SMPROGRAMS\${APP}.lnk"

!define /ifndef REFUSED_ACCOUNT 22    ; WinLocalSystemSid: what it installs for itself no user has

!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_SHOW ShowFinish
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartApp
!define MUI_FINISHPAGE_TEXT "$(DONE)"
!insertmacro MUI_PAGE_FINISH
!define MUI_UNCONFIRMPAGE_TEXT_TOP "$(KEPT)"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString DONE ${LANG_ENGLISH} "Hold Right Ctrl in any window, speak, let go: the text is there. The first start shows how."
LangString DONE ${LANG_SIMPCHINESE} "在任意窗口中按住右 Ctrl 说话，松开后文字就会出现。首次启动时会有引导。"
LangString KEPT ${LANG_ENGLISH} "Your history, recordings, settings and models are kept in $LOCALAPPDATA\intone; delete that folder if you no longer want them."
LangString KEPT ${LANG_SIMPCHINESE} "您的历史记录、录音、设置和模型会保留在 $LOCALAPPDATA\intone；不再需要时请自行删除该文件夹。"
LangString NO_USER ${LANG_ENGLISH} "Intone is installed for one user, by that user: this account is the system's own. Nothing was changed."
LangString NO_USER ${LANG_SIMPCHINESE} "Intone 由用户为自己安装，而当前是系统帐户。未作任何更改。"
LangString NO_FOLDER ${LANG_ENGLISH} "Intone cannot be installed in $R9: name a folder of a disk, with its whole path. Nothing was changed."
LangString NO_FOLDER ${LANG_SIMPCHINESE} "Intone 不能安装在 $R9：请给出磁盘上某个文件夹的完整路径。未作任何更改。"
LangString NOT_OURS ${LANG_ENGLISH} "$INSTDIR has files of others: name a folder that is empty, or a new one. Nothing was changed."
LangString NOT_OURS ${LANG_SIMPCHINESE} "$INSTDIR 中有其他文件：请选择空文件夹或新文件夹。未作任何更改。"
LangString ELSEWHERE ${LANG_ENGLISH} "Intone is installed in $1: upgrade it there, or uninstall it first. Nothing was changed."
LangString ELSEWHERE ${LANG_SIMPCHINESE} "Intone 已安装在 $1：请在原处升级，或先将其卸载。未作任何更改。"
!insertmacro SHARED_TEXTS

Var WasRunning  ; 1: the app was started again

!insertmacro PROCESS_FUNCTIONS ""
!insertmacro PROCESS_FUNCTIONS "un."

!insertmacro PART_FUNCTIONS

Function .onInit
  SetShellVarContext current
  StrCpy $Ran 0
  StrCpy $IsChanging 0
  StrCpy $Failed 0
FunctionEnd

Function un.onInit
  SetShellVarContext current
  StrCpy $Home "$INSTDIR"
FunctionEnd

Function StartApp
  StrCpy $Ran 1
  Call StartAgain
FunctionEnd

; The page offers to start the app, unless it was started again already.
Function ShowFinish
  ${If} $WasRunning = 1
    SendMessage $mui.FinishPage.Run ${BM_SETCHECK} ${BST_UNCHECKED} 0
    ShowWindow $mui.FinishPage.Run ${SW_HIDE}
  ${EndIf}
FunctionEnd

Function CheckAccount
  System::Alloc 68
  Pop $1
  System::Call 'advapi32::CreateWellKnownSid(i ${REFUSED_ACCOUNT}, p 0, p r1, *i 68)'
  StrCpy $2 0
  System::Call 'advapi32::CheckTokenMembership(p 0, p r1, *i .r2)'
  System::Free $1
  ${If} $2 <> 0
    StrCpy $0 "$(NO_USER)"
    Call GiveUp
  ${EndIf}
FunctionEnd

; Takes quotes, spaces and backslashes off the end of $R9.
Function TrimFolder
  ${Do}
    StrCpy $2 $R9 1 -1
    ${If} $2 != "\"
    ${AndIf} $2 != " "
    ${AndIf} $2 != '"'
      ${Break}
    ${EndIf}
    StrCpy $R9 $R9 -1
  ${Loop}
FunctionEnd

; Refuses a folder that NSIS did not take from the command line (a disk's root, a relative one), one with files of
; others, and a second one beside that in which the user has Intone.
Function CheckFolder
  System::Call 'kernel32::GetCommandLineW() w .r1'
  StrCpy $2 0
  ${Do}
    StrCpy $3 $1 4 $2
    ${If} $3 == ""
      ${Break}
    ${EndIf}
    IntOp $2 $2 + 1
  ${LoopUntil} $3 S== " /D="
  ${If} $3 S== " /D="
    IntOp $3 $2 + 3
    StrCpy $R9 $INSTDIR
    Call TrimFolder
    StrCpy $4 $R9
    StrCpy $R9 $1 "" $3
    ${If} $R9 != ""
      StrCpy $2 $R9 1
      ${If} $2 == '"'
        StrCpy $R9 $R9 "" 1
      ${EndIf}
    ${EndIf}
    Call TrimFolder
    ${If} $R9 != $4
      StrCpy $0 "$(NO_FOLDER)"
      Call GiveUp
    ${EndIf}
  ${EndIf}
  ReadRegStr $1 HKCU "${UNINSTALL_KEY}\${APP}" "InstallLocation"
  ${If} $1 != ""
  ${AndIf} $1 != $INSTDIR
  ${AndIf} ${FileExists} "$1\${PROGRAM}"
    StrCpy $0 "$(ELSEWHERE)"
    Call GiveUp
  ${EndIf}
  ${If} ${FileExists} "${MARK}"
  ${OrIf} ${FileExists} "$INSTDIR\${PROGRAM}"
    Return
  ${EndIf}
  ${If} $1 == $INSTDIR
  ${AndIf} ${FileExists} "$INSTDIR\${UNINSTALLER}"
    Return
  ${EndIf}
  FindFirst $3 $2 "$INSTDIR\*.*"
  ${DoWhile} $2 != ""
    ${If} $2 != "."
    ${AndIf} $2 != ".."
      FindClose $3
      StrCpy $0 "$(NOT_OURS)"
      Call GiveUp
    ${EndIf}
    FindNext $3 $2
  ${Loop}
  FindClose $3
FunctionEnd

Section
  StrCpy $Home "$INSTDIR"
  Call CheckAccount
  Call CheckFolder
  Call CheckSpace
  Call Prepare
  StrCpy $WasRunning $Ran
  SetOutPath "${SETUP}"
  ClearErrors
  File /r "${FOLDER}/*"
  WriteUninstaller "${SETUP}\${UNINSTALLER}"
  ${If} ${Errors}
    StrCpy $0 "$(IN_USE)"
    Call GiveUp
  ${EndIf}
  Call Swap
  Call MakeShortcut
  Call Register
  nsExec::Exec /TIMEOUT=${QUIT_MS} '"$INSTDIR\${COMMAND}" -m desktop.platforms.windows.user_path add "$INSTDIR"'
  Pop $0
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=1000
  Call StartAgain
SectionEnd

; The identity ties windows and notifications of the app to the shortcut: without it the taskbar has two of them.
Function MakeShortcut
  SetOutPath "$PROFILE"    ; where it starts
  CreateShortcut "${SHORTCUT}" "$INSTDIR\${PROGRAM}"
  SetOutPath "$TEMP"
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}", .r1)'
    ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}", .r2)'
    ${If} $1 P<> 0
    ${AndIf} $2 P<> 0
      ${IPersistFile::Load} $1 '("${SHORTCUT}", ${STGM_READWRITE}).r3'
      System::Call '*(&w${NSIS_MAX_STRLEN} "${APP_ID}")p.r4'
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r5'
      System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r4)p.r6'
      ${If} $3 = 0
        ${IPropertyStore::SetValue} $2 '($5, $6).r3'
        ${If} $3 = 0
          ${IPropertyStore::Commit} $2 '()'
          ${IPersistFile::Save} $1 '("${SHORTCUT}", 1)'
        ${EndIf}
      ${EndIf}
      System::Free $6
      System::Free $5
      System::Free $4
    ${EndIf}
    ${If} $1 P<> 0
      ${IUnknown::Release} $1 ''
    ${EndIf}
    ${If} $2 P<> 0
      ${IUnknown::Release} $2 ''
    ${EndIf}
    ${IUnknown::Release} $0 ''
  ${EndIf}
FunctionEnd

Function Register
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}\${APP}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}\${APP}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}\${APP}" "NoRepair" 1
FunctionEnd

Section Uninstall
  Call un.TakeParts
  nsExec::Exec /TIMEOUT=${QUIT_MS} '"${SETUP}\${COMMAND}" -m desktop.platforms.windows.user_path remove "$INSTDIR"'
  Pop $0
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=1000
  Delete "${SHORTCUT}"
  ; The start with Windows is the app's setting; its value goes where it is this folder's.
  ReadRegStr $0 HKCU "${RUN_KEY}" "${RUN_NAME}"
  StrLen $2 '"$INSTDIR\'
  StrCpy $1 $0 $2
  ${If} $1 == '"$INSTDIR\'
    DeleteRegValue HKCU "${RUN_KEY}" "${RUN_NAME}"
    DeleteRegValue HKCU "${APPROVED_KEY}" "${RUN_NAME}"
  ${EndIf}
  StrCpy $Ran 0
  Call un.DeleteParts
  RMDir /r "$INSTDIR\${ADD_ONS}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}\${APP} CUDA"
  DeleteRegKey HKCU "${UNINSTALL_KEY}\${APP} language model"
  DeleteRegKey HKCU "${UNINSTALL_KEY}\${APP}"
  Delete "$INSTDIR\${UNINSTALLER}"
  RMDir "$INSTDIR"
SectionEnd
