; The installer of Intone for one user, without an administrator: made by `make windows`
; (packaging/shipping/windows_installer.py), which gives FOLDER (PyInstaller's), ICON, OUT, VERSION, NUMBERS (the version as four numbers) and SIZE_KB.
;
; Silent with /S; elsewhere than in %LOCALAPPDATA%\Programs with /D=FOLDER, the last argument. Exit status 2: nothing
; was changed. The parts of an earlier version are put aside and come back where the new ones cannot be written.

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
VIAddVersionKey "LegalCopyright" "MIT licence; see LICENCES.txt"

!define BEFORE "$INSTDIR\before"

; The files beside `_internal`: `shipping.windows_installer.BESIDE` has the same.
!macro MOVE_FILES from to
  Rename "${from}\${COMMAND}" "${to}\${COMMAND}"
  Rename "${from}\${PROGRAM}" "${to}\${PROGRAM}"
  Rename "${from}\CHANGELOG.md" "${to}\CHANGELOG.md"
  Rename "${from}\LICENCES.txt" "${to}\LICENCES.txt"
  Rename "${from}\uninstall.exe" "${to}\uninstall.exe"
!macroend

!macro DELETE_FILES
  Delete "$INSTDIR\${COMMAND}"
  Delete "$INSTDIR\${PROGRAM}"
  Delete "$INSTDIR\CHANGELOG.md"
  Delete "$INSTDIR\LICENCES.txt"
  Delete "$INSTDIR\uninstall.exe"
!macroend

!define SHORTCUT "$SMPROGRAMS\${APP}.lnk"

!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartApp
!define MUI_FINISHPAGE_TEXT "$(DONE)"
!insertmacro MUI_PAGE_INSTFILES
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
LangString NO_SPACE ${LANG_ENGLISH} "Intone needs ${SIZE_KB} kB on the disk of $INSTDIR. Nothing was changed."
LangString NO_SPACE ${LANG_SIMPCHINESE} "Intone 需要 $INSTDIR 所在磁盘上有 ${SIZE_KB} kB 的空间。未作任何更改。"
LangString IN_USE ${LANG_ENGLISH} "Files of Intone are in use, or may not be written. Close it, or restart Windows, and try again. Nothing was changed."
LangString IN_USE ${LANG_SIMPCHINESE} "Intone 的文件正在使用或无法写入。请关闭它或重启 Windows 后再试。未作任何更改。"

Var Ran         ; 1: the app was running
Var IsChanging  ; 1: from the first file that is moved until the last that is written

!insertmacro PROCESS_FUNCTIONS ""
!insertmacro PROCESS_FUNCTIONS "un."

Function .onInit
  SetShellVarContext current
  StrCpy $Ran 0
  StrCpy $IsChanging 0
FunctionEnd

Function un.onInit
  SetShellVarContext current
FunctionEnd

Function StartApp
  Exec '"$INSTDIR\${PROGRAM}"'
FunctionEnd

; Stops the installation with the text in $0. The app goes on where it ran.
Function GiveUp
  ${If} $Ran == 1
    Call StartApp
  ${EndIf}
  MessageBox MB_OK|MB_ICONSTOP "$0" /SD IDOK
  SetErrorLevel 2
  Abort "$0"
FunctionEnd

Function CheckSpace
  StrCpy $1 $INSTDIR 3
  ${DriveSpace} "$1" "/D=F /S=K" $2
  ${If} $2 != ""
    System::Int64Op $2 < ${SIZE_KB}
    Pop $3
    ${If} $3 = 1
      StrCpy $0 "$(NO_SPACE)"
      Call GiveUp
    ${EndIf}
  ${EndIf}
FunctionEnd

; Moves what an earlier version has put there into ${BEFORE}. Sets the error flag where that cannot be.
Function PutAside
  RMDir /r "${BEFORE}"
  StrCpy $1 0
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
    CreateDirectory "${BEFORE}"
    ${Do}
      ClearErrors
      Rename "$INSTDIR\_internal" "${BEFORE}\_internal"
      ${IfNot} ${Errors}
        ${Break}
      ${EndIf}
      IntOp $1 $1 + 1
      Sleep 500
    ${LoopUntil} $1 > ${FREE_HALF_S}
    ${If} ${Errors}
      RMDir "${BEFORE}"
      SetErrors
      Return
    ${EndIf}
    !insertmacro MOVE_FILES "$INSTDIR" "${BEFORE}"
  ${EndIf}
  ClearErrors
FunctionEnd

; Undoes PutAside after files of the new version could not be written.
Function Restore
  StrCpy $IsChanging 0
  RMDir /r "$INSTDIR\_internal"
  ${If} ${FileExists} "${BEFORE}\_internal\*.*"
    Rename "${BEFORE}\_internal" "$INSTDIR\_internal"
    !insertmacro DELETE_FILES
    !insertmacro MOVE_FILES "${BEFORE}" "$INSTDIR"
    RMDir "${BEFORE}"
  ${Else}
    !insertmacro DELETE_FILES
    RMDir "$INSTDIR"
  ${EndIf}
FunctionEnd

; Also where a file could not be written to its end, which stops an installer.
Function .onInstFailed
  ${If} $IsChanging == 1
    SetOutPath "$TEMP"
    Call Restore
    ${If} $Ran == 1
      Call StartApp
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  Call CheckSpace
  Call EndApp
  StrCpy $Ran $R2
  Call PutAside
  ${If} ${Errors}
    StrCpy $0 "$(IN_USE)"
    Call GiveUp
  ${EndIf}
  StrCpy $IsChanging 1
  SetOutPath "$INSTDIR"
  SetOverwrite try
  ClearErrors
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    SetOutPath "$TEMP"
    Call Restore
    StrCpy $0 "$(IN_USE)"
    Call GiveUp
  ${EndIf}
  StrCpy $IsChanging 0
  SetOutPath "$TEMP"
  Call MakeShortcut
  Call Register
  nsExec::Exec /TIMEOUT=${QUIT_MS} '"$INSTDIR\${COMMAND}" -m desktop.platforms.windows.user_path add "$INSTDIR"'
  Pop $0
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=1000
  RMDir /r "${BEFORE}"
  ${If} $Ran == 1
    Call StartApp
  ${EndIf}
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
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}\${APP}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}\${APP}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}\${APP}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}\${APP}" "NoRepair" 1
FunctionEnd

Section Uninstall
  Call un.EndApp
  nsExec::Exec /TIMEOUT=${QUIT_MS} '"$INSTDIR\${COMMAND}" -m desktop.platforms.windows.user_path remove "$INSTDIR"'
  Pop $0
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=1000
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\${ADD_ONS}"
  RMDir /r "${BEFORE}"
  !insertmacro DELETE_FILES
  Delete "${SHORTCUT}"
  ; The start with Windows is the app's setting; its value goes where it is this folder's.
  ReadRegStr $0 HKCU "${RUN_KEY}" "${RUN_NAME}"
  StrLen $2 '"$INSTDIR\'
  StrCpy $1 $0 $2
  ${If} $1 == '"$INSTDIR\'
    DeleteRegValue HKCU "${RUN_KEY}" "${RUN_NAME}"
    DeleteRegValue HKCU "${APPROVED_KEY}" "${RUN_NAME}"
  ${EndIf}
  DeleteRegKey HKCU "${UNINSTALL_KEY}\${APP} CUDA"
  DeleteRegKey HKCU "${UNINSTALL_KEY}\${APP} language model"
  DeleteRegKey HKCU "${UNINSTALL_KEY}\${APP}"
  RMDir "$INSTDIR"
SectionEnd
