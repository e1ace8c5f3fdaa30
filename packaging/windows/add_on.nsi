; The installer of what few users need, beside the app: made by `make windows-cuda` and `make windows-local-llm`
; (packaging/shipping/windows_installer.py), which gives what installer.nsi gets, and NAME, TITLE (as Windows lists it)
; and PARTS, a file with the lines that remove the parts from $INSTDIR.
;
; An upgrade of the app leaves it where it is; an uninstallation of the app takes it along. The app looks there at its
; start, so it is started again where it ran. Exit status 2: nothing was changed.

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

Var Home   ; the app's folder; $INSTDIR is that of the add-ons

!insertmacro PROCESS_FUNCTIONS ""
!insertmacro PROCESS_FUNCTIONS "un."

; LookForApp looks in $INSTDIR.
!macro RESTARTED un
  StrCpy $INSTDIR "$Home"
  Call ${un}EndApp
  StrCpy $INSTDIR "$Home\${ADD_ONS}"
!macroend

!macro START_AGAIN
  ${If} $R2 == 1
    SetOutPath "$TEMP"
    Exec '"$Home\${PROGRAM}"'
  ${EndIf}
!macroend

Section
  SetShellVarContext current
  ReadRegStr $Home HKCU "${UNINSTALL_KEY}\${APP}" "InstallLocation"
  ${IfNot} ${FileExists} "$Home\${PROGRAM}"
    MessageBox MB_OK|MB_ICONSTOP "$(NO_APP)" /SD IDOK
    SetErrorLevel 2
    Abort "$(NO_APP)"
  ${EndIf}
  !insertmacro RESTARTED ""
  !include "${PARTS}"
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall-${NAME}.exe"
  WriteRegStr HKCU "${KEY}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$Home\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall-${NAME}.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall-${NAME}.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  !insertmacro START_AGAIN
SectionEnd

Section Uninstall
  SetShellVarContext current
  ${un.GetParent} "$INSTDIR" $Home
  !insertmacro RESTARTED "un."
  !include "${PARTS}"
  Delete "$INSTDIR\uninstall-${NAME}.exe"
  DeleteRegKey HKCU "${KEY}"
  RMDir "$INSTDIR"
  !insertmacro START_AGAIN
SectionEnd
