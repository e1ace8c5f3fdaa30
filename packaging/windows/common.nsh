; What the installers of the app and of its add-ons share: names, how the app is found, asked to quit, and ended, and
; how the parts of a version take the place of an earlier one's.

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
!define /ifndef FREE_HALF_S 20      ; and until Windows, or a scanner of viruses, lets go of its files
!define CHILDREN_HALF_S 20          ; and for what gives the clipboard and the volumes back after it
!define /math ORPHANS_AT ${ENDED_HALF_S} + ${CHILDREN_HALF_S}
!define /math GONE_HALF_S ${ORPHANS_AT} + ${FREE_HALF_S}

Unicode true
!ifdef FAST                                       ; for tests, and for what is large and hardly gets smaller
  SetCompressor /FINAL zlib
!else
  SetCompressor /FINAL lzma                       ; a solid one is unpacked whole into %TEMP% before its first file
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

Var Home        ; the app's folder; $INSTDIR is that of the parts
Var Ran         ; 1: the app was running, and is to be started again
Var IsChanging  ; 1: from the first part that is moved until the last
Var Failed      ; 1: a part could not be moved

!macro SHARED_TEXTS
LangString NO_SPACE ${LANG_ENGLISH} "Intone needs ${SIZE_KB} kB on the disk of $INSTDIR. Nothing was changed."
LangString NO_SPACE ${LANG_SIMPCHINESE} "Intone 需要 $INSTDIR 所在磁盘上有 ${SIZE_KB} kB 的空间。未作任何更改。"
LangString IN_USE ${LANG_ENGLISH} "Files of Intone are in use, or may not be written. Close it, or restart Windows, and try again. Nothing was changed."
LangString IN_USE ${LANG_SIMPCHINESE} "Intone 的文件正在使用或无法写入。请关闭它或重启 Windows 后再试。未作任何更改。"
LangString HALF ${LANG_ENGLISH} "The earlier version could not be put back: its files are in use. Restart Windows and run this again, which begins with that."
LangString HALF ${LANG_SIMPCHINESE} "无法恢复先前的版本：其文件正在使用。请重启 Windows 后再次运行本程序，它会首先完成恢复。"
LangString COMMAND_RUNS ${LANG_ENGLISH} "A command of Intone is still at work, a transcription for example. End it?"
LangString COMMAND_RUNS ${LANG_SIMPCHINESE} "Intone 的一条命令仍在运行，例如转写。要结束它吗？"
!macroend

; Both kinds of programs have functions of their own; those of an uninstaller begin with "un.".
!macro PROCESS_FUNCTIONS un

; Returns in $R4 which program of the app in $Home the process $R4 is: its path, or "". Also of an elevated one.
Function ${un}NameProcess
  Push $0
  Push $1
  Push $2
  System::Call 'kernel32::OpenProcess(i 0x1000, i 0, i R4) p .r0'    ; QUERY_LIMITED_INFORMATION
  StrCpy $R4 ""
  ${If} $0 P<> 0
    System::Call 'kernel32::QueryFullProcessImageNameW(p r0, i 0, w .r1, *i ${NSIS_MAX_STRLEN}) i .r2'
    ${If} $2 <> 0
      ${If} $1 == "$Home\${COMMAND}"
      ${OrIf} $1 == "$Home\${PROGRAM}"
        StrCpy $R4 $1
      ${EndIf}
    ${EndIf}
    System::Call 'kernel32::CloseHandle(p r0)'
  ${EndIf}
  Pop $2
  Pop $1
  Pop $0
FunctionEnd

; Counts the processes of the app in $Home: all of them in $R0, those of the program with windows in $R5.
;
; Where $R1 is "end" it ends those of the program with windows that none of ours has started, where it is "all" those of
; commands as well. What they have started sees that, gives back what it keeps, and ends by itself.
Function ${un}LookForApp
  Push $0
  Push $1
  Push $2
  Push $3
  Push $4
  Push $5
  Push $6
  StrCpy $R0 0
  StrCpy $R5 0
  System::Call 'kernel32::CreateToolhelp32Snapshot(i 2, i 0) p .r0'    ; TH32CS_SNAPPROCESS
  System::Alloc 568                                                   ; PROCESSENTRY32W of 64 bits
  Pop $1
  System::Call '*$1(&i4 568)'
  System::Call 'kernel32::Process32FirstW(p r0, p r1) i .r2'
  ${While} $2 <> 0
    System::Call '*$1(&i4, &i4, &i4 .r3, &i4, &i8, &i4, &i4, &i4 .r6)'
    StrCpy $R4 $3
    Call ${un}NameProcess
    StrCpy $5 $R4
    ${If} $5 != ""
      IntOp $R0 $R0 + 1
      ${If} $5 == "$Home\${PROGRAM}"
        IntOp $R5 $R5 + 1
      ${EndIf}
      StrCpy $R4 $6
      Call ${un}NameProcess
      ${If} $R4 == ""
        ${If} $R1 == "all"
        ${OrIf} "$R1$5" == "end$Home\${PROGRAM}"
          System::Call 'kernel32::OpenProcess(i 1, i 0, i r3) p .r4'    ; TERMINATE
          ${If} $4 P<> 0
            System::Call 'kernel32::TerminateProcess(p r4, i 1)'
            System::Call 'kernel32::CloseHandle(p r4)'
          ${EndIf}
        ${EndIf}
      ${EndIf}
    ${EndIf}
    System::Call 'kernel32::Process32NextW(p r0, p r1) i .r2'
  ${EndWhile}
  System::Free $1
  System::Call 'kernel32::CloseHandle(p r0)'
  Pop $6
  Pop $5
  Pop $4
  Pop $3
  Pop $2
  Pop $1
  Pop $0
FunctionEnd

; Has the app in $Home quit, and its commands end. Sets $Ran; returns in $R0 how many of its processes are left.
;
; It ends a dictation as its menu's "Quit" does. One that has not ended then is ended; what was said is on the disk, and
; the next start takes it up. A command is ended where the user says so.
Function ${un}EndApp
  StrCpy $Ran 0
  StrCpy $R1 ""
  Call ${un}LookForApp
  ${If} $R0 = 0
    Return
  ${EndIf}
  ${If} $R5 > 0
    StrCpy $Ran 1
  ${EndIf}
  nsExec::Exec /TIMEOUT=${QUIT_MS} '"$Home\${COMMAND}" quit'
  Pop $R1
  StrCpy $R3 0
  ${Do}
    StrCpy $R1 ""
    ${If} $R3 = ${ENDED_HALF_S}
    ${OrIf} $R3 = ${ORPHANS_AT}
      StrCpy $R1 "end"
    ${EndIf}
    Call ${un}LookForApp
    ${If} $R0 = 0
      Return
    ${EndIf}
    ${If} $R5 = 0
    ${AndIf} $R3 > ${ENDED_HALF_S}
      ${Break}
    ${EndIf}
    IntOp $R3 $R3 + 1
    Sleep 500
  ${LoopUntil} $R3 > ${GONE_HALF_S}
  ${If} $R5 = 0
    ${If} ${Cmd} `MessageBox MB_YESNO|MB_ICONQUESTION "$(COMMAND_RUNS)" /SD IDNO IDYES`
      StrCpy $R3 0
      ${Do}
        StrCpy $R1 "all"
        Call ${un}LookForApp
        IntOp $R3 $R3 + 1
        Sleep 500
      ${LoopUntil} $R3 > ${FREE_HALF_S}
    ${EndIf}
  ${EndIf}
FunctionEnd

; Moves $R8 to $R9, and waits for others to let go of it. Sets $Failed where they do not.
Function ${un}Move
  StrCpy $R7 0
  ${Do}
    ClearErrors
    Rename "$R8" "$R9"
    ${IfNot} ${Errors}
      Return
    ${EndIf}
    IntOp $R7 $R7 + 1
    Sleep 500
  ${LoopUntil} $R7 > ${FREE_HALF_S}
  StrCpy $Failed 1
FunctionEnd

; Starts the app again where it ran, without the rights of an administrator that this may have.
Function ${un}StartAgain
  ${If} $Ran == 1
    StrCpy $Ran 0
    SetOutPath "$TEMP"
    UserInfo::GetAccountType
    Pop $R8
    ${If} $R8 == "Admin"
      Exec '"$WINDIR\explorer.exe" "$Home\${PROGRAM}"'
    ${Else}
      Exec '"$Home\${PROGRAM}"'
    ${EndIf}
  ${EndIf}
FunctionEnd
!macroend

; The parts of a version, those of `EACH_PART` and the uninstaller, are unpacked into a folder beside them; then the
; earlier ones are moved aside and these to their places. While ${BEFORE} exists that is not done, and the next run
; undoes it first. Afterwards all that is left is in ${SETUP}, and nothing in there is needed any more.
!define SETUP "$INSTDIR\intone-setup${OF}"
!define BEFORE "$INSTDIR\intone-before${OF}"
!define MARK "${SETUP}\by-the-installer-of-intone"

!macro EVERY_PART action
  !insertmacro EACH_PART ${action}
  !insertmacro ${action} "${UNINSTALLER}"
!macroend

!macro MOVE_PART un from to
  ${If} $Failed = 0
  ${AndIf} ${FileExists} "${from}"
    StrCpy $R8 "${from}"
    StrCpy $R9 "${to}"
    Call ${un}Move
  ${EndIf}
!macroend

!macro PUT_ASIDE part
  !insertmacro MOVE_PART "" "$INSTDIR\${part}" "${BEFORE}\${part}"
!macroend

!macro PUT_IN part
  !insertmacro MOVE_PART "" "${SETUP}\${part}" "$INSTDIR\${part}"
!macroend

; One that is not in ${SETUP} has been put in.
!macro PUT_BACK part
  ${IfNot} ${FileExists} "${SETUP}\${part}"
    !insertmacro MOVE_PART "" "$INSTDIR\${part}" "${SETUP}\${part}"
  ${EndIf}
  !insertmacro MOVE_PART "" "${BEFORE}\${part}" "$INSTDIR\${part}"
!macroend

; Asks whether the part can be moved: opens it with that right (DELETE), beside others who allow it.
!macro PROBE part
  ${If} ${FileExists} "$INSTDIR\${part}"
    System::Call 'kernel32::CreateFileW(w "$INSTDIR\${part}", i 0x10000, i 7, p 0, i 3, i 0x02000000, p 0) p .r0'
    ${If} $0 P= -1
      StrCpy $Failed 1
    ${Else}
      System::Call 'kernel32::CloseHandle(p r0)'
    ${EndIf}
  ${EndIf}
!macroend

!macro TAKE part
  !insertmacro MOVE_PART "un." "$INSTDIR\${part}" "${SETUP}\${part}"
!macroend

!macro GIVE_BACK part
  !insertmacro MOVE_PART "un." "${SETUP}\${part}" "$INSTDIR\${part}"
!macroend

!macro PART_FUNCTIONS

; Undoes what has begun, and has the app go on where it ran. Returns the text $0, or another where that cannot be.
Function Undo
  SetOutPath "$TEMP"
  StrCpy $Failed 0
  ${If} $IsChanging = 1
    StrCpy $IsChanging 0
    !insertmacro EVERY_PART PUT_BACK
  ${EndIf}
  ${If} $Failed = 1
    StrCpy $0 "$(HALF)"
    SetErrorLevel 3
    Return
  ${EndIf}
  SetErrorLevel 2
  RMDir "${BEFORE}"
  ${If} ${FileExists} "${MARK}"
    RMDir /r "${SETUP}"
    RMDir "$INSTDIR"
  ${EndIf}
  Call StartAgain
FunctionEnd

; Stops the installation with the text in $0.
Function GiveUp
  Call Undo
  MessageBox MB_OK|MB_ICONSTOP "$0" /SD IDOK
  Abort "$0"
FunctionEnd

; Also where a file could not be written to its end, which stops an installer. After GiveUp there is nothing to undo.
Function .onInstFailed
  ${If} $Failed = 0
    Call Undo
    ${If} $Failed = 1
      MessageBox MB_OK|MB_ICONSTOP "$0" /SD IDOK
    ${EndIf}
  ${EndIf}
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

; Ends the app, undoes what an earlier run has left half, and sees whether the parts can be moved.
Function Prepare
  Call EndApp
  StrCpy $0 "$(IN_USE)"
  ${If} $R0 > 0
    Call GiveUp
  ${EndIf}
  ${If} ${FileExists} "${BEFORE}\*.*"
    StrCpy $IsChanging 1
    StrCpy $Failed 0
    !insertmacro EVERY_PART PUT_BACK
    ${If} $Failed = 1
      Call GiveUp
    ${EndIf}
    StrCpy $IsChanging 0
    RMDir "${BEFORE}"
  ${EndIf}
  RMDir /r "${SETUP}"
  StrCpy $R7 0
  ${Do}
    StrCpy $Failed 0
    !insertmacro EVERY_PART PROBE
    ${If} $Failed = 0
      ${Break}
    ${EndIf}
    IntOp $R7 $R7 + 1
    Sleep 500
  ${LoopUntil} $R7 > ${FREE_HALF_S}
  StrCpy $0 "$(IN_USE)"
  ${If} $Failed = 1
  ${OrIf} ${FileExists} "${SETUP}\*.*"
    Call GiveUp
  ${EndIf}
  CreateDirectory "${SETUP}"
  FileOpen $1 "${MARK}" w
  FileClose $1
FunctionEnd

; Puts the unpacked parts in the place of the earlier ones.
Function Swap
  SetOutPath "$TEMP"
  StrCpy $Failed 0
  StrCpy $IsChanging 1
  CreateDirectory "${BEFORE}"
  !insertmacro EVERY_PART PUT_ASIDE
  !insertmacro EVERY_PART PUT_IN
  !insertmacro MOVE_PART "" "${BEFORE}" "${SETUP}\before"
  ${If} $Failed = 1
    StrCpy $0 "$(IN_USE)"
    Call GiveUp
  ${EndIf}
  StrCpy $IsChanging 0
  RMDir /r "${SETUP}"
FunctionEnd

; Takes the parts out of their places, all or none, after the app has ended.
Function un.TakeParts
  Call un.EndApp
  SetOutPath "$TEMP"
  RMDir /r "${SETUP}"
  StrCpy $Failed 0
  ${If} $R0 > 0
  ${OrIf} ${FileExists} "${SETUP}\*.*"
    StrCpy $Failed 1
  ${EndIf}
  CreateDirectory "${SETUP}"
  !insertmacro EACH_PART TAKE
  ${If} $Failed = 1
    StrCpy $Failed 0
    !insertmacro EACH_PART GIVE_BACK
    RMDir "${SETUP}"
    Call un.StartAgain
    MessageBox MB_OK|MB_ICONSTOP "$(IN_USE)" /SD IDOK
    SetErrorLevel 2
    Abort "$(IN_USE)"
  ${EndIf}
FunctionEnd

; Deletes what was taken. Where some of it is held still, it stays listed and can be uninstalled once more.
Function un.DeleteParts
  StrCpy $R7 0
  ${Do}
    RMDir /r "${SETUP}"
    RMDir /r "${BEFORE}"
    ${IfNot} ${FileExists} "${SETUP}\*.*"
    ${AndIfNot} ${FileExists} "${BEFORE}\*.*"
      Return
    ${EndIf}
    IntOp $R7 $R7 + 1
    Sleep 500
  ${LoopUntil} $R7 > ${FREE_HALF_S}
  Call un.StartAgain
  SetErrorLevel 2
  Abort "$(IN_USE)"
FunctionEnd
!macroend
