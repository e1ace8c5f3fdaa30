; The installer of what few users need, beside the app: made by `make windows-cuda` and `make windows-local-llm`
; (packaging/shipping/windows_installer.py), which gives what installer.nsi gets, and NAME, TITLE (as Windows lists it)
; and PARTS, a file with the macro EACH_PART of what it has.
;
; An upgrade of the app leaves it where it is; an uninstallation of the app takes it along. The app looks there at its
; start, so it is started again where it ran. Exit statuses: those of installer.nsi.

!define OF "-${NAME}"
!define UNINSTALLER "uninstall-${NAME}.exe"
!include common.nsh

Name "${TITLE}"
OutFile "${OUT}"

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${TITLE}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${TITLE} ${VERSION}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "See LICENCES-${NAME}.txt"

!define KEY "${UNINSTALL_KEY}\${TITLE}"

!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString NO_APP ${LANG_ENGLISH} "Install Intone first. Nothing was changed."
LangString NO_APP ${LANG_SIMPCHINESE} "请先安装 Intone。未作任何更改。"

!insertmacro SHARED_TEXTS
!include "${PARTS}"
!insertmacro PROCESS_FUNCTIONS ""
!insertmacro PROCESS_FUNCTIONS "un."
!insertmacro PART_FUNCTIONS

Section
  SetShellVarContext current
  StrCpy $Ran 0
  StrCpy $IsChanging 0
  StrCpy $Failed 0
  ReadRegStr $Home HKCU "${UNINSTALL_KEY}\${APP}" "InstallLocation"
  StrCpy $INSTDIR "$Home\${ADD_ONS}"
  ${IfNot} ${FileExists} "$Home\${PROGRAM}"
    StrCpy $0 "$(NO_APP)"
    Call GiveUp
  ${EndIf}
  Call CheckSpace
  Call Prepare
  SetOutPath "${SETUP}"
  ClearErrors
  File /r "${FOLDER}/*"
  WriteUninstaller "${SETUP}\${UNINSTALLER}"
  ${If} ${Errors}
    StrCpy $0 "$(IN_USE)"
    Call GiveUp
  ${EndIf}
  Call Swap
  WriteRegStr HKCU "${KEY}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$Home\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  Call StartAgain
SectionEnd

Section Uninstall
  SetShellVarContext current
  ${un.GetParent} "$INSTDIR" $Home
  Call un.TakeParts
  Call un.DeleteParts
  DeleteRegKey HKCU "${KEY}"
  Delete "$INSTDIR\${UNINSTALLER}"
  RMDir "$INSTDIR"
  Call un.StartAgain
SectionEnd
