; What the installers of the app and of its add-ons share: names, and how the app is found, asked to quit, and ended.

!define APP "Intone"
!define APP_ID "app.intone.Intone"              ; desktop.APP_ID: what the app calls itself to the taskbar
!define PUBLISHER "The Intone authors"
!define COMMAND "intone.exe"
!define PROGRAM "Intone Dictation.exe"           ; desktop.platforms.autostart.WINDOWED_PROGRAM
!define ADD_ONS "add-ons"                         ; desktop.core.installation.ADD_ONS
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define RUN_NAME "intone"                         ; desktop.platforms.autostart.APP_NAME

!define /ifndef QUIT_MS 30000       ; for the command that asks the app to quit
!define /ifndef ENDED_HALF_S 60     ; halves of a second until its dictation has ended, before its processes are ended
!define FREE_HALF_S 20      ; and until Windows, or a scanner of viruses, lets go of its files
!define /math GONE_HALF_S ${ENDED_HALF_S} + ${FREE_HALF_S}

Unicode true
!ifdef FAST                                       ; for tests, and for what is large and hardly gets smaller
  SetCompressor /FINAL zlib
!else
  SetCompressor /FINAL /SOLID lzma
  SetCompressorDictSize 32
!endif
RequestExecutionLevel user
ManifestDPIAware true
CRCCheck on
ShowInstDetails nevershow
ShowUninstDetails nevershow
BrandingText " "

!include LogicLib.nsh
!include FileFunc.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh
!include MUI2.nsh

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"

; Both kinds of programs have functions of their own; those of an uninstaller begin with "un.".
!macro PROCESS_FUNCTIONS un

; Counts the processes of the app in $INSTDIR, and ends them where $R1 is "end". Returns their number in $R0.
Function ${un}LookForApp
  Push $0
  Push $1
  Push $2
  Push $3
  Push $4
  Push $5
  StrCpy $R0 0
  System::Call 'kernel32::CreateToolhelp32Snapshot(i 2, i 0) p .r0'    ; TH32CS_SNAPPROCESS
  System::Alloc 568                                                   ; PROCESSENTRY32W of 64 bits
  Pop $1
  System::Call '*$1(&i4 568)'
  System::Call 'kernel32::Process32FirstW(p r0, p r1) i .r2'
  ${While} $2 <> 0
    System::Call '*$1(&i4, &i4, &i4 .r3)'
    System::Call 'kernel32::OpenProcess(i 0x1001, i 0, i r3) p .r4'    ; QUERY_LIMITED_INFORMATION and TERMINATE
    ${If} $4 P<> 0
      System::Call 'kernel32::QueryFullProcessImageNameW(p r4, i 0, w .r5, *i ${NSIS_MAX_STRLEN}) i .r2'
      ${If} $2 <> 0
        ${If} $5 == "$INSTDIR\${COMMAND}"
        ${OrIf} $5 == "$INSTDIR\${PROGRAM}"
          IntOp $R0 $R0 + 1
          ${If} $R1 == "end"
            System::Call 'kernel32::TerminateProcess(p r4, i 1)'
          ${EndIf}
        ${EndIf}
      ${EndIf}
      System::Call 'kernel32::CloseHandle(p r4)'
    ${EndIf}
    System::Call 'kernel32::Process32NextW(p r0, p r1) i .r2'
  ${EndWhile}
  System::Free $1
  System::Call 'kernel32::CloseHandle(p r0)'
  Pop $5
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Pop $0
FunctionEnd

; Has the app in $INSTDIR quit, and its commands end. Returns in $R2 whether it ran (1) or not (0).
;
; It ends a dictation as its menu's "Quit" does. One that has not ended then is ended; what was said is on the disk, and
; the next start takes it up.
Function ${un}EndApp
  StrCpy $R1 ""
  Call ${un}LookForApp
  StrCpy $R2 0
  ${If} $R0 > 0
    StrCpy $R2 1
    nsExec::Exec /TIMEOUT=${QUIT_MS} '"$INSTDIR\${COMMAND}" quit'
    Pop $R1
    StrCpy $R1 ""
    StrCpy $R3 0
    ${Do}
      Call ${un}LookForApp
      ${If} $R0 = 0
        ${Break}
      ${EndIf}
      IntOp $R3 $R3 + 1
      ${If} $R3 > ${ENDED_HALF_S}
        StrCpy $R1 "end"
      ${EndIf}
      Sleep 500
    ${LoopUntil} $R3 > ${GONE_HALF_S}
  ${EndIf}
FunctionEnd
!macroend
