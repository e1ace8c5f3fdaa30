<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>Intone {0}</source>
        <translation>Intone {0}</translation>
    </message>
    <message>
        <source>Hold a key, speak, let go. MIT licence. The page Network says what leaves this machine.</source>
        <translation>按住一个键，说话，松开。MIT 许可证。哪些内容会离开本机，见“网络”。</translation>
    </message>
    <message>
        <source>Something does not work</source>
        <translation>有什么不正常</translation>
    </message>
    <message>
        <source>See what is missing here and how to mend it, and copy a report without your words.</source>
        <translation>查看缺少什么、如何修复，并复制一份不含您文字的报告。</translation>
    </message>
    <message>
        <source>Look what is wrong</source>
        <translation>查看问题</translation>
    </message>
    <message>
        <source>The first steps</source>
        <translation>设置向导</translation>
    </message>
    <message>
        <source>Languages, microphone, model and key, one page each. What you do not change stays as it is.</source>
        <translation>语言、麦克风、模型和按键，每项一页。您没有改动的内容会保持原样。</translation>
    </message>
    <message>
        <source>Set up again…</source>
        <translation>重新运行设置向导…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更新内容</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show: {0}</source>
        <translation>显示：{0}</translation>
    </message>
    <message>
        <source>What is new in this version.</source>
        <translation>此版本的新内容。</translation>
    </message>
    <message>
        <source>Of everything that is installed with it.</source>
        <translation>随它安装的所有组件的许可证。</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>立即查看</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Restart Intone</source>
        <translation>重新启动 Intone</translation>
    </message>
    <message>
        <source>The newest version</source>
        <translation>最新版本</translation>
    </message>
    <message>
        <source>Asks the address above, once, and believes what the key has signed.</source>
        <translation>向上面的地址查询一次，只相信由该密钥签名的内容。</translation>
    </message>
    <message>
        <source>Asks the address above, once. Without a key its answer is not verified.</source>
        <translation>向上面的地址查询一次。没有密钥时，不验证它的回答。</translation>
    </message>
    <message>
        <source>Intone {0} is installed, and this is still {1}. Restart to use it.</source>
        <translation>已安装 Intone {0}，正在运行的仍是 {1}。重新启动即可使用。</translation>
    </message>
    <message>
        <source>Asking.</source>
        <translation>正在询问。</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>这已是最新版本。</translation>
    </message>
    <message>
        <source>Intone {0} is there.</source>
        <translation>Intone {0} 已发布。</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open the folder: {0}</source>
        <translation>打开文件夹：{0}</translation>
    </message>
    <message>
        <source>It is not there yet.</source>
        <translation>还不存在。</translation>
    </message>
    <message>
        <source>No program here opens folders.</source>
        <translation>这里没有能打开文件夹的程序。</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>{0} %</source>
        <translation>{0}%</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
</context>
<context>
    <name>BenchPage</name>
    <message>
        <source>Compare now</source>
        <translation>现在比较</translation>
    </message>
    <message>
        <source>On your own recordings</source>
        <translation>用您自己的录音</translation>
    </message>
    <message>
        <source>It is right</source>
        <translation>没错</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Was this said?</source>
        <translation>您说的是这句吗？</translation>
    </message>
    <message>
        <source>My bench</source>
        <translation>我的测评</translation>
    </message>
    <message>
        <source>The comparison was ended. What it has measured stays.</source>
        <translation>比较已结束。已测得的结果会保留。</translation>
    </message>
    <message>
        <source>The models are compared.</source>
        <translation>模型已比较完毕。</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>正在使用</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>“{0}”</translation>
    </message>
    <message>
        <source>{0} US$ for an hour of speech</source>
        <translation>每小时语音 {0} 美元</translation>
    </message>
    <message>
        <source>Price unknown</source>
        <translation>价格未知</translation>
    </message>
    <message>
        <source>Not run: it would be sent your recordings.</source>
        <translation>未运行：否则您的录音会发送给它。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>It begins when you do not speak.</source>
        <translation>您不说话时开始。</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} results.</source>
        <translation>{0}：已有 {1} 个结果，共 {2} 个。</translation>
    </message>
    <message>
        <source>A press of your key ends it, and it goes on afterwards.</source>
        <translation>按下您的按键会中断它，之后继续。</translation>
    </message>
    <message>
        <source>Nothing leaves this machine.</source>
        <translation>没有任何内容离开这台电脑。</translation>
    </message>
    <message>
        <source>A comparison needs {0} recordings whose text you corrected in the history. There are {1}.</source>
        <translation>比较需要 {0} 段您在历史记录中更正过文字的录音，现有 {1} 段。</translation>
    </message>
    <message>
        <source>By {0} recordings that were drawn by chance, which you checked.</source>
        <translation>依据随机抽取且经您核对的 {0} 段录音。</translation>
    </message>
    <message>
        <source>By {0} recordings whose text you corrected, and {1} others.</source>
        <translation>依据 {0} 段您更正过文字的录音，以及另外 {1} 段。</translation>
    </message>
    <message>
        <source>{0} results are missing.</source>
        <translation>还缺 {0} 个结果。</translation>
    </message>
    <message>
        <source>You use {0}; compared is the local model that answers in its place.</source>
        <translation>您使用的是 {0}；这里比较的是代替它作答的本地模型。</translation>
    </message>
    <message>
        <source>{0} % of words right</source>
        <translation>{0}% 的词正确</translation>
    </message>
    <message>
        <source>{0} of {1} names</source>
        <translation>名称 {0}/{1}</translation>
    </message>
    <message>
        <source>{0} s at release</source>
        <translation>松开后 {0} 秒</translation>
    </message>
    <message>
        <source>costs nothing</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>{0} to {1} fewer wrong words in a hundred.</source>
        <translation>每百词少错 {0} 到 {1} 个。</translation>
    </message>
    <message>
        <source>Worth it: {0}</source>
        <translation>值得更换：{0}</translation>
    </message>
    <message>
        <source>Better, perhaps by too little to be worth it: {0}</source>
        <translation>较好，但差别也许太小，不值得更换：{0}</translation>
    </message>
    <message>
        <source>Better, and too slow at release: {0}</source>
        <translation>较好，但松开后太慢：{0}</translation>
    </message>
    <message>
        <source>Worse: {0} to {1} more wrong words in a hundred.</source>
        <translation>较差：每百词多错 {0} 到 {1} 个。</translation>
    </message>
    <message>
        <source>No difference that can be seen on {0} recordings.</source>
        <translation>在 {0} 段录音上看不出差别。</translation>
    </message>
    <message>
        <source>Too few recordings to compare.</source>
        <translation>录音太少，无法比较。</translation>
    </message>
    <message>
        <source>No corrected text to judge its words by.</source>
        <translation>还没有更正过的文字可用来比较。</translation>
    </message>
    <message>
        <source>Not measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
</context>
<context>
    <name>DictationDetail</name>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Struck out: heard and left out.  Underlined: added.</source>
        <translation>删除线：听到但略去的。下划线：添加的。</translation>
    </message>
    <message>
        <source>As heard</source>
        <translation>原话</translation>
    </message>
    <message>
        <source>Show what was heard, and what became of it</source>
        <translation>显示听到的原话，以及它变成了什么</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep this text</source>
        <translation>保留这段文字</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leave the text as it was</source>
        <translation>文字保持原样</translation>
    </message>
    <message>
        <source>Say how it sounded to you</source>
        <translation>说说您觉得听起来如何</translation>
    </message>
    <message>
        <source>Paste again</source>
        <translation>再次粘贴</translation>
    </message>
    <message>
        <source>Paste it where you were before</source>
        <translation>粘贴到您之前所在的位置</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Correct the text; the vocabulary can learn from it</source>
        <translation>更正文字；词汇表可以从中学习</translation>
    </message>
    <message>
        <source>Transcribe the recording with the engine of the settings</source>
        <translation>用设置中的引擎转写这段录音</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete it and its recording (Del)</source>
        <translation>删除它和它的录音（Del）</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Transcribe again</source>
        <translation>重新转写</translation>
    </message>
    <message>
        <source>Transcribing…</source>
        <translation>正在转写…</translation>
    </message>
    <message>
        <source>How did it sound?</source>
        <translation>听起来如何？</translation>
    </message>
    <message>
        <source>Marked: {0}</source>
        <translation>已标记：{0}</translation>
    </message>
    <message>
        <source>As first heard</source>
        <translation>按最初听到的</translation>
    </message>
</context>
<context>
    <name>DoctorWindow</name>
    <message>
        <source>What works here</source>
        <translation>本机检查</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Measure the network</source>
        <translation>测量网络</translation>
    </message>
    <message>
        <source>Copy a report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Looking: {0} of {1}</source>
        <translation>正在检查：{0}/{1}</translation>
    </message>
    <message>
        <source>Nothing was looked at yet.</source>
        <translation>还没有检查过。</translation>
    </message>
    <message>
        <source>{0} things are in the way.</source>
        <translation>有 {0} 处问题妨碍听写。</translation>
    </message>
    <message>
        <source>One thing is in the way.</source>
        <translation>有 1 处问题妨碍听写。</translation>
    </message>
    <message>
        <source>Everything that a dictation needs is here.</source>
        <translation>听写所需的一切都已就绪。</translation>
    </message>
    <message>
        <source>Measuring. This takes some seconds.</source>
        <translation>正在测量，需要几秒钟。</translation>
    </message>
    <message>
        <source>The report is copied. It has none of your words, keys or hosts; see for yourself.</source>
        <translation>报告已复制。其中没有您的文字、密钥或主机名，您可以自己查看。</translation>
    </message>
</context>
<context>
    <name>DownloadBar</name>
    <message>
        <source>{0} percent are there</source>
        <translation>已完成 {0}%</translation>
    </message>
</context>
<context>
    <name>EmotionPage</name>
    <message>
        <source>Who gets what</source>
        <translation>谁得到什么</translation>
    </message>
    <message>
        <source>Nobody gets anything.</source>
        <translation>没有人得到任何内容。</translation>
    </message>
    <message>
        <source>Your voice</source>
        <translation>您的声音</translation>
    </message>
    <message>
        <source>Not heard yet.</source>
        <translation>还没有听过。</translation>
    </message>
    <message>
        <source>Forget all expressions…</source>
        <translation>忘记所有语气…</translation>
    </message>
    <message>
        <source>Forget them</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>How your dictations sounded, what you corrected of it, and what was learned of your voice. Your words and recordings stay.</source>
        <translation>您的听写听起来如何、您对此的更正，以及对您声音的了解。您的文字和录音会保留。</translation>
    </message>
    <message>
        <source>What it goes by</source>
        <translation>依据什么</translation>
    </message>
    <message>
        <source>Words, learned from GoEmotions (CC BY 4.0), and your voice as the model {0} hears it, learned from RAVDESS (CC BY-NC-SA 4.0): that part is for non-commercial use only.</source>
        <translation>词语学自 GoEmotions（CC BY 4.0）；您的声音按模型 {0} 所听到的来判断，学自 RAVDESS（CC BY-NC-SA 4.0）：这一部分仅供非商业使用。</translation>
    </message>
    <message>
        <source>Where another model makes the text, the voice counts by pitch, loudness and pace alone.</source>
        <translation>如果文字由其他模型生成，语音只按音高、响度和语速计入。</translation>
    </message>
    <message>
        <source>Not heard yet. From the first ten dictations Intone learns what is usual for it.</source>
        <translation>还没有听过。Intone 从最初十次听写中了解它平时的样子。</translation>
    </message>
    <message>
        <source>Emotion</source>
        <translation>语气</translation>
    </message>
    <message>
        <source>Nobody gets anything, and nothing is noted.</source>
        <translation>没有人得到任何内容，也不记录任何内容。</translation>
    </message>
    <message>
        <source>{0} gets the words and a line such as &quot;louder than usual&quot;. Never the voice.</source>
        <translation>{0} 会得到文字和一行如“比平时响”的说明，绝不会得到声音。</translation>
    </message>
    <message>
        <source>Nobody gets anything. It is read on this machine.</source>
        <translation>没有人得到任何内容。它在本机上判断。</translation>
    </message>
    <message>
        <source>Words, learned from GoEmotions (CC BY 4.0), name the emotion. Pitch, loudness and pace show how lively it was. What judges the voice too learns from RAVDESS (CC BY-NC-SA 4.0), which is for non-commercial use only, and so does not come with Intone. You can build it from your own copy, with the source code of Intone: the user guide there says how, under &quot;Voice head&quot;.</source>
        <translation>情绪由词语判断，学自 GoEmotions（CC BY 4.0）；音高、响度和语速显示有多活跃。连声音也判断的部分学自仅供非商业使用的 RAVDESS（CC BY-NC-SA 4.0），因此不随 Intone 提供。您可以用 Intone 的源代码和您自己的副本制作它：源代码中用户指南的“Voice head”一节说明了方法。</translation>
    </message>
    <message>
        <source>this microphone</source>
        <translation>这个麦克风</translation>
    </message>
    <message>
        <source>What is usual for your voice on {0} is known.</source>
        <translation>已了解您的声音在 {0} 上平时的样子。</translation>
    </message>
    <message>
        <source>Getting to know your voice on {0}: {1} of {2} dictations.</source>
        <translation>正在通过 {0} 了解您的声音：{2} 次听写中的第 {1} 次。</translation>
    </message>
    <message>
        <source>Until then the words decide.</source>
        <translation>在那之前由文字决定。</translation>
    </message>
    <message>
        <source>Forgotten</source>
        <translation>已忘记</translation>
    </message>
</context>
<context>
    <name>EngineCard</name>
    <message>
        <source>Nothing leaves this machine</source>
        <translation>没有内容离开本机</translation>
    </message>
    <message>
        <source>Stays on this machine, at {0}</source>
        <translation>留在本机，位于 {0}</translation>
    </message>
    <message>
        <source>Your speech goes to {0}</source>
        <translation>您的语音会发送到 {0}</translation>
    </message>
</context>
<context>
    <name>EngineSelector</name>
    <message>
        <source>Whisper. Free, works without a network; how fast is a matter of the model.</source>
        <translation>Whisper。免费，无需网络；速度取决于模型。</translation>
    </message>
    <message>
        <source>Sent while you speak, text shortly after you let go.</source>
        <translation>边说边发送，松开后很快得到文字。</translation>
    </message>
    <message>
        <source>Words appear as you speak, and are there when you let go.</source>
        <translation>边说边出现文字，松开时就已完成。</translation>
    </message>
    <message>
        <source>Any server that speaks OpenAI&apos;s transcriptions: of your team, or at home.</source>
        <translation>任何兼容 OpenAI 转写接口的服务器：团队的，或家里的。</translation>
    </message>
    <message>
        <source>About {0} US$ an hour of speech.</source>
        <translation>每小时语音约 {0} 美元。</translation>
    </message>
</context>
<context>
    <name>EngineTrialRow</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Say something</source>
        <translation>说句话</translation>
    </message>
    <message>
        <source>Use the newest recording</source>
        <translation>用最新的录音</translation>
    </message>
    <message>
        <source>What you say, or the recording, goes to {0} as in a dictation.</source>
        <translation>您说的话或录音会像听写一样发送到 {0}。</translation>
    </message>
    <message>
        <source>Hears a sentence as in a dictation. Nothing is kept of it.</source>
        <translation>像听写一样听一句话，不保留任何内容。</translation>
    </message>
    <message>
        <source>Opening the microphone</source>
        <translation>正在打开麦克风</translation>
    </message>
    <message>
        <source>Giving it the recording</source>
        <translation>正在送入录音</translation>
    </message>
    <message>
        <source>Say a sentence now.</source>
        <translation>现在请说一句话。</translation>
    </message>
    <message>
        <source>Nothing was heard. Is the microphone muted?</source>
        <translation>什么都没听到。麦克风静音了吗？</translation>
    </message>
</context>
<context>
    <name>FindingRow</name>
    <message>
        <source>Works</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>In the way of dictation</source>
        <translation>妨碍听写</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺少</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the command: {0}</source>
        <translation>复制命令：{0}</translation>
    </message>
</context>
<context>
    <name>HistoryFilters</name>
    <message>
        <source>Any application</source>
        <translation>任何应用</translation>
    </message>
    <message>
        <source>Any expression</source>
        <translation>任何语气</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>任何语言</translation>
    </message>
    <message>
        <source>Any outcome</source>
        <translation>任何结果</translation>
    </message>
    <message>
        <source>Application</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>How it sounded</source>
        <translation>听起来如何</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>How it ended</source>
        <translation>如何结束</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>500 MB</source>
        <translation>500 MB</translation>
    </message>
    <message>
        <source>2 GB</source>
        <translation>2 GB</translation>
    </message>
    <message>
        <source>10 GB</source>
        <translation>10 GB</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
</context>
<context>
    <name>HistoryWindow</name>
    <message>
        <source>Intone history</source>
        <translation>Intone 历史</translation>
    </message>
    <message>
        <source>Mood and numbers</source>
        <translation>语气与数字</translation>
    </message>
    <message>
        <source>How you sounded, and how fast it went (Ctrl+M)</source>
        <translation>您听起来如何，以及说得多快（Ctrl+M）</translation>
    </message>
    <message>
        <source>Dictations</source>
        <translation>听写</translation>
    </message>
    <message>
        <source>Nothing has exactly these words; this is the nearest.</source>
        <translation>没有哪一条与这些字完全相同；这是最接近的一条。</translation>
    </message>
    <message>
        <source>Search what you said</source>
        <translation>搜索您说过的话</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Nothing was found. Choose less narrowly, or try fewer words.</source>
        <translation>没有找到。请放宽筛选，或少用几个词。</translation>
    </message>
    <message>
        <source>Nothing was found. Try fewer or other words.</source>
        <translation>没有找到。请少用几个词，或换别的词。</translation>
    </message>
    <message>
        <source>What you dictate will be here.</source>
        <translation>您听写的内容会出现在这里。</translation>
    </message>
    <message>
        <source>Hold {0} and speak; it will be here.</source>
        <translation>按住 {0} 说话，内容就会出现在这里。</translation>
    </message>
</context>
<context>
    <name>HotkeyField</name>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Press a key</source>
        <translation>请按一个键</translation>
    </message>
</context>
<context>
    <name>HotkeyStep</name>
    <message>
        <source>Another key</source>
        <translation>换一个键</translation>
    </message>
    <message>
        <source>Press the button, then the key, keys together, or a mouse button over it. Esc leaves it.</source>
        <translation>先点按钮，再按一个键、组合键，或在按钮上按鼠标键。按 Esc 保持不变。</translation>
    </message>
    <message>
        <source>Choose a key…</source>
        <translation>选择按键…</translation>
    </message>
    <message>
        <source>Your desktop gives the key</source>
        <translation>按键由桌面提供</translation>
    </message>
    <message>
        <source>A dialog of the desktop, or its settings, opens with the key that Intone may hear. Agree there or choose another.</source>
        <translation>桌面会打开一个对话框或它的设置，其中有 Intone 可以使用的按键。请在那里同意，或选择另一个。</translation>
    </message>
    <message>
        <source>Your desktop keeps this key: change it in the desktop&apos;s settings for keys.</source>
        <translation>这个按键由桌面管理：请在桌面的按键设置中更改。</translation>
    </message>
    <message>
        <source>Ask the desktop…</source>
        <translation>询问桌面…</translation>
    </message>
    <message>
        <source>Text into windows</source>
        <translation>把文字放进窗口</translation>
    </message>
    <message>
        <source>To put your words into a window, Intone presses Ctrl+V there. Your desktop asks you about that once, as remote control: allow it in its dialog, where GNOME has a switch for it. Without it your words are on the clipboard.</source>
        <translation>要把您的话放进窗口，Intone 会在那里按下 Ctrl+V。桌面会就此询问您一次，并称之为远程控制：请在它的对话框中允许（GNOME 在那里有一个开关）。否则您的话会留在剪贴板上。</translation>
    </message>
    <message>
        <source>Most windows get your words without a question, as from an input method. Only in others, such as programs of X, Intone presses Ctrl+V, about which your desktop asks you once, as remote control. That can wait.</source>
        <translation>您的话会像输入法打字一样进入大多数窗口，不需要询问。只有在其他窗口里，例如 X 程序的窗口，Intone 才会按下 Ctrl+V，桌面会就此询问您一次，并称之为远程控制。这可以以后再决定。</translation>
    </message>
    <message>
        <source>I cannot hold a key</source>
        <translation>我无法按住按键</translation>
    </message>
    <message>
        <source>Tap it once and speak: each paragraph is put in when you pause, until you tap again or say “stop listening”.</source>
        <translation>轻按一下，然后说话：每次停顿时放入一段，直到您再按一下或说“停止听写”。</translation>
    </message>
    <message>
        <source>Hold this key to talk</source>
        <translation>按住这个键说话</translation>
    </message>
    <message>
        <source>Try it now: hold it for a moment and let go. A short tap locks it, and the next tap ends.</source>
        <translation>现在试一试：按住片刻再松开。轻按一下会锁定，再按一下结束。</translation>
    </message>
    <message>
        <source>A key to talk</source>
        <translation>说话键</translation>
    </message>
    <message>
        <source>Mend it now or later: on the next page a button does what the key would.</source>
        <translation>现在或以后处理都可以：下一页有个按钮，可以代替这个键。</translation>
    </message>
    <message>
        <source>Choose it now or later: on the next page a button does what the key would.</source>
        <translation>现在或以后选择都可以：下一页有个按钮，可以代替这个键。</translation>
    </message>
    <message>
        <source>It is heard. A short tap locked it: tap once more to end.</source>
        <translation>已识别。轻按一下已将它锁定：再按一下结束。</translation>
    </message>
    <message>
        <source>It is heard. Let go.</source>
        <translation>已识别。请松开。</translation>
    </message>
    <message>
        <source>That works, in every window.</source>
        <translation>可以用了，在任何窗口都行。</translation>
    </message>
    <message>
        <source>Not pressed yet.</source>
        <translation>还没有按。</translation>
    </message>
</context>
<context>
    <name>HotkeyTrial</name>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Takes the keys again, which are paused.</source>
        <translation>重新接管已暂停的按键。</translation>
    </message>
    <message>
        <source>Heard. Let go of {0} when you are done.</source>
        <translation>听到了。说完后松开 {0}。</translation>
    </message>
    <message>
        <source>The keys are paused.</source>
        <translation>按键已暂停。</translation>
    </message>
    <message>
        <source>Try it: hold {0}, and this line lights up.</source>
        <translation>试一试：按住 {0}，这一行会亮起。</translation>
    </message>
    <message>
        <source>Your desktop keeps this key: change it in the desktop&apos;s settings for keys.</source>
        <translation>这个按键由桌面管理：请在桌面的按键设置中更改。</translation>
    </message>
</context>
<context>
    <name>HotkeysPage</name>
    <message>
        <source>Keys and mouse buttons</source>
        <translation>按键与鼠标键</translation>
    </message>
    <message>
        <source>While a field waits, press a key, keys together, or a mouse button over the field. Backspace leaves none, Esc all as it was. What is taken here reaches no window, but for Ctrl, Alt, Shift and {0}.</source>
        <translation>输入框等待时，按一个键、组合键，或在框上按鼠标键。退格表示不用，Esc 保持原样。这里占用的键不会传到任何窗口，Ctrl、Alt、Shift 和 {0} 除外。</translation>
    </message>
    <message>
        <source>Hotkey</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Makes this the talk key.</source>
        <translation>设为说话键。</translation>
    </message>
</context>
<context>
    <name>InvalidLinesNotice</name>
    <message>
        <source>Open the file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>And {0} more.</source>
        <translation>还有 {0} 处。</translation>
    </message>
    <message>
        <source>Not everything in settings.toml is in force:</source>
        <translation>settings.toml 中有些内容没有生效：</translation>
    </message>
    <message>
        <source>No program here opens it. It is {0}</source>
        <translation>这里没有能打开它的程序。文件是 {0}</translation>
    </message>
</context>
<context>
    <name>Keycap</name>
    <message>
        <source>{0}, held</source>
        <translation>{0}，已按住</translation>
    </message>
</context>
<context>
    <name>LLMLocationPicker</name>
    <message>
        <source>Another address</source>
        <translation>其他地址</translation>
    </message>
</context>
<context>
    <name>LanguageField</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>By the keyboard&apos;s layout</source>
        <translation>按键盘布局</translation>
    </message>
    <message>
        <source>Only these</source>
        <translation>仅这些语言</translation>
    </message>
    <message>
        <source>{0}: codes</source>
        <translation>{0}：代码</translation>
    </message>
    <message>
        <source>en, de where it is unknown</source>
        <translation>布局未知时：en, de</translation>
    </message>
</context>
<context>
    <name>LayoutLine</name>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>{0}, such as {1}</source>
        <translation>{0}，例如 {1}</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Level of the microphone</source>
        <translation>麦克风音量</translation>
    </message>
</context>
<context>
    <name>MicrophonePage</name>
    <message>
        <source>the system&apos;s default</source>
        <translation>系统默认设备</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
</context>
<context>
    <name>MicrophoneStep</name>
    <message>
        <source>Say something</source>
        <translation>说几句话</translation>
    </message>
    <message>
        <source>The bars follow your voice. Nothing of it is kept.</source>
        <translation>指示条随您的声音变化。不会保留任何内容。</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>The system&apos;s default is followed when it changes.</source>
        <translation>系统默认麦克风变化时会随之切换。</translation>
    </message>
    <message>
        <source>Listening. Say a few words.</source>
        <translation>正在听。请说几个词。</translation>
    </message>
    <message>
        <source>Intone hears you.</source>
        <translation>Intone 听到您了。</translation>
    </message>
    <message>
        <source>The microphone is silent. Is it muted? Look at its switch and at the sound settings of the system, or choose another one above.</source>
        <translation>麦克风没有声音。是否静音了？请检查它的开关和系统的声音设置，或在上面选择另一个。</translation>
    </message>
    <message>
        <source>No voice yet. Come nearer, or choose another microphone above.</source>
        <translation>还没有听到人声。请靠近一些，或在上面选择另一个麦克风。</translation>
    </message>
</context>
<context>
    <name>MicrophoneTrial</name>
    <message>
        <source>The microphone is open while you see this. Nothing is kept.</source>
        <translation>您看到此处时麦克风处于打开状态，不会保存任何内容。</translation>
    </message>
    <message>
        <source>Record {0} s and play them</source>
        <translation>录 {0} 秒并播放</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Speak now, as you would dictate. {0} s</source>
        <translation>请像听写时那样说话。{0} 秒</translation>
    </message>
    <message>
        <source>You are hard to hear. Come closer to the microphone, or turn it up in the sound settings.</source>
        <translation>听不太清。请靠近麦克风，或在声音设置中调高音量。</translation>
    </message>
    <message>
        <source>That was too loud, and parts are cut off. Turn the microphone down, or move back.</source>
        <translation>声音太大，部分被截断。请调低麦克风音量，或离远一些。</translation>
    </message>
    <message>
        <source>You are heard well. This is how you sound.</source>
        <translation>听得很清楚。这是您的声音。</translation>
    </message>
    <message>
        <source>The microphone is heard again.</source>
        <translation>又能听到麦克风了。</translation>
    </message>
</context>
<context>
    <name>ModelCardWidget</name>
    <message>
        <source>Comes from</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确度</translation>
    </message>
    <message>
        <source>Speed here</source>
        <translation>本机速度</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再试一次</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation>测量速度</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Advised for this machine</source>
        <translation>推荐用于本机</translation>
    </message>
    <message>
        <source>May be better for your language</source>
        <translation>可能更适合您的语言</translation>
    </message>
    <message>
        <source>Not yet proved</source>
        <translation>尚未验证</translation>
    </message>
    <message>
        <source>{0} or the package index</source>
        <translation>{0} 或软件包索引</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>正在测量…</translation>
    </message>
    <message>
        <source>Download of {0}</source>
        <translation>下载 {0}</translation>
    </message>
    <message>
        <source>Delete {0}?</source>
        <translation>删除 {0}？</translation>
    </message>
    <message>
        <source>Press it again to delete the model.</source>
        <translation>再按一次即可删除模型。</translation>
    </message>
</context>
<context>
    <name>ModelStep</name>
    <message>
        <source>What turns speech into words</source>
        <translation>用什么把语音变成文字</translation>
    </message>
    <message>
        <source>Use a service instead…</source>
        <translation>改用在线服务…</translation>
    </message>
    <message>
        <source>It takes about {0} MB of memory.</source>
        <translation>大约占用 {0} MB 内存。</translation>
    </message>
    <message>
        <source>A model on this machine. A larger one mostly hears better and takes longer to come.</source>
        <translation>在本机运行的模型。较大的模型大多听得更准，下载也更久。</translation>
    </message>
    <message>
        <source>{0}, the best for this machine</source>
        <translation>{0}，最适合本机</translation>
    </message>
    <message>
        <source>{0}, the best for this machine: {1} MB</source>
        <translation>{0}，最适合本机：{1} MB</translation>
    </message>
    <message>
        <source>It comes while you go on, and the other one answers until then.</source>
        <translation>您继续时它会下载，在那之前由另一个模型回答。</translation>
    </message>
    <message>
        <source>It can be had in the settings, under Models.</source>
        <translation>可在“设置”的“模型”中获取。</translation>
    </message>
    <message>
        <source>You can dictate already, with {0}. {1}</source>
        <translation>现在已经可以用 {0} 听写。{1}</translation>
    </message>
    <message>
        <source>{0} What you say until then is kept, and written once it is there.</source>
        <translation>{0}在此之前您说的话会保留下来，下载完成后写出。</translation>
    </message>
    <message>
        <source>{0} is ready.</source>
        <translation>{0} 已就绪。</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <source>Stay with {0}</source>
        <translation>继续使用 {0}</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Your own model</source>
        <translation>您自己的模型</translation>
    </message>
    <message>
        <source>A folder that holds one in CTranslate2&apos;s format.</source>
        <translation>含有 CTranslate2 格式模型的文件夹。</translation>
    </message>
    <message>
        <source>Where models lie</source>
        <translation>模型所在位置</translation>
    </message>
    <message>
        <source>Better for your language</source>
        <translation>更适合您的语言</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Your own folder…</source>
        <translation>您自己的文件夹…</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>全部模型</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>任何语言</translation>
    </message>
    <message>
        <source>English only</source>
        <translation>仅英语</translation>
    </message>
    <message>
        <source>Many languages</source>
        <translation>多种语言</translation>
    </message>
    <message>
        <source>Which models are shown</source>
        <translation>显示哪些模型</translation>
    </message>
    <message>
        <source>Languages of the models shown</source>
        <translation>所显示模型的语言</translation>
    </message>
    <message>
        <source>None of these is installed.</source>
        <translation>这些都没有安装。</translation>
    </message>
    <message>
        <source>Models of speech</source>
        <translation>语音模型</translation>
    </message>
    <message>
        <source>Models of language, for polish, edits and emotion on this machine</source>
        <translation>语言模型，用于本机的润色、编辑和语气</translation>
    </message>
    <message>
        <source>It is here.</source>
        <translation>已在本机。</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>使用 {0}</translation>
    </message>
    <message>
        <source>Use {0}: {1}</source>
        <translation>使用 {0}：{1}</translation>
    </message>
    <message>
        <source>Every byte is as it should be.</source>
        <translation>每个字节都正确。</translation>
    </message>
    <message>
        <source>{0} are free in {1}</source>
        <translation>{1} 中有 {0} 可用</translation>
    </message>
    <message>
        <source>A folder that holds a model of speech</source>
        <translation>含有语音模型的文件夹</translation>
    </message>
</context>
<context>
    <name>MultilineDelegate</name>
    <message>
        <source>Written</source>
        <translation>写成</translation>
    </message>
</context>
<context>
    <name>NetworkPage</name>
    <message>
        <source>Your speech</source>
        <translation>您的语音</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>What you select for an edit</source>
        <translation>您为编辑选中的内容</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Come from here when you fetch one. Nothing of yours goes there.</source>
        <translation>您下载模型时来自那里。您的内容不会发送过去。</translation>
    </message>
    <message>
        <source>The newest version</source>
        <translation>最新版本</translation>
    </message>
    <message>
        <source>Everything else</source>
        <translation>其他一切</translation>
    </message>
    <message>
        <source>Stays here: recordings, history, moods, numbers. There is no telemetry.</source>
        <translation>留在本机：录音、历史、语气、数字。没有遥测。</translation>
    </message>
    <message>
        <source>Key for the language model</source>
        <translation>语言模型的密钥</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Is asked for once a day. Nothing of yours goes there.</source>
        <translation>每天询问一次。不会发送您的任何内容。</translation>
    </message>
    <message>
        <source>Is not asked for by itself. See About.</source>
        <translation>不会自行询问。见“关于”。</translation>
    </message>
    <message>
        <source>There is none of its own: the key for OpenAI is used.</source>
        <translation>没有专用密钥：使用 OpenAI 的密钥。</translation>
    </message>
    <message>
        <source>Does not leave this machine.</source>
        <translation>不离开本机。</translation>
    </message>
    <message>
        <source>Goes there while you dictate.</source>
        <translation>听写时发送到那里。</translation>
    </message>
    <message>
        <source>Goes there with what you say, when you press the edit key.</source>
        <translation>按编辑键时，连同您说的话一起发送到那里。</translation>
    </message>
    <message>
        <source>Goes there to be polished, and to be read for how it sounded.</source>
        <translation>发送到那里润色，并判断听起来如何。</translation>
    </message>
    <message>
        <source>Goes there to be polished.</source>
        <translation>发送到那里润色。</translation>
    </message>
    <message>
        <source>Goes there to be read for how it sounded.</source>
        <translation>发送到那里判断听起来如何。</translation>
    </message>
</context>
<context>
    <name>NoKeyNotice</name>
    <message>
        <source>What to do</source>
        <translation>怎么办</translation>
    </message>
</context>
<context>
    <name>NoTrayNotice</name>
    <message>
        <source>No program shows tray icons here.</source>
        <translation>这里没有程序显示托盘图标。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Quit Intone</source>
        <translation>退出 Intone</translation>
    </message>
</context>
<context>
    <name>OnboardingWindow</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Skip the rest</source>
        <translation>跳过其余步骤</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>{0} · Welcome to Intone</source>
        <translation>{0} · 欢迎使用 Intone</translation>
    </message>
</context>
<context>
    <name>PillWindow</name>
    <message>
        <source>Intone</source>
        <translation>Intone</translation>
    </message>
    <message>
        <source>Dictation</source>
        <translation>听写</translation>
    </message>
</context>
<context>
    <name>PlayButton</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>暂停（空格）</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>播放（空格）</translation>
    </message>
</context>
<context>
    <name>PlaybackBar</name>
    <message>
        <source>Recording</source>
        <translation>录音</translation>
    </message>
</context>
<context>
    <name>PolishPreview</name>
    <message>
        <source>um so let&apos;s meet at two no wait three thirty p m new line bring the the charger</source>
        <translation>嗯，我们下午两点，不对，下午三点半见面换行带上那个那个充电器</translation>
    </message>
    <message>
        <source>As spoken</source>
        <translation>原话</translation>
    </message>
    <message>
        <source>As written</source>
        <translation>写成的文字</translation>
    </message>
    <message>
        <source>Anywhere</source>
        <translation>任何地方</translation>
    </message>
    <message>
        <source>Style of the example</source>
        <translation>示例的风格</translation>
    </message>
    <message>
        <source>Try the model</source>
        <translation>试用模型</translation>
    </message>
    <message>
        <source>Sends these words to the language model and shows what it writes.</source>
        <translation>把这些话发送给语言模型，并显示它写的内容。</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>The model is asked.</source>
        <translation>正在询问模型。</translation>
    </message>
    <message>
        <source>Took {0} ms.</source>
        <translation>用时 {0} 毫秒。</translation>
    </message>
    <message>
        <source>{0} got the words.</source>
        <translation>{0} 收到了这些话。</translation>
    </message>
    <message>
        <source>This is by the rules, which are used where the model is late or changes the meaning.</source>
        <translation>这是按规则写的；模型太慢或改变了意思时用它。</translation>
    </message>
</context>
<context>
    <name>PrivacyStep</name>
    <message>
        <source>What is kept</source>
        <translation>保留什么</translation>
    </message>
    <message>
        <source>It lies on this machine alone, in the history, where you can read, correct and delete it.</source>
        <translation>只存放在这台电脑的历史记录里，您可以随时查看、更正和删除。</translation>
    </message>
    <message>
        <source>What leaves this machine</source>
        <translation>离开这台电脑的内容</translation>
    </message>
    <message>
        <source>The text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>What you said, when, and into which application.</source>
        <translation>您说了什么、什么时候说的、输入到了哪个应用。</translation>
    </message>
    <message>
        <source>The recordings, for {0} days</source>
        <translation>录音，保留 {0} 天</translation>
    </message>
    <message>
        <source>So that nothing is lost, and it can be heard or transcribed again.</source>
        <translation>这样什么都不会丢失，还可以重听或重新转写。</translation>
    </message>
    <message>
        <source>What words and voice express, noted beside the text. Read on this machine.</source>
        <translation>文字和声音所表达的情绪，记在文字旁边。只在这台电脑上判断。</translation>
    </message>
</context>
<context>
    <name>QuestionWindow</name>
    <message>
        <source>A program asks you</source>
        <translation>有程序向您提问</translation>
    </message>
    <message>
        <source>{0} asks:</source>
        <translation>{0} 问：</translation>
    </message>
    <message>
        <source>Hold the talk key and answer. The words go to this program and into no window. The name is the one that it gives itself.</source>
        <translation>按住说话键回答。文字会交给这个程序，不进入任何窗口。名称是它自称的。</translation>
    </message>
    <message>
        <source>{0} wants to read your dictations</source>
        <translation>{0} 想读取您的听写</translation>
    </message>
    <message>
        <source>With the words: {0}</source>
        <translation>包含：{0}</translation>
    </message>
    <message>
        <source>The newest</source>
        <translation>最新的听写</translation>
    </message>
    <message>
        <source>{0} at most are handed over, each with its time, application and text. The program may send them on. The name is the one that it gives itself.</source>
        <translation>最多交出 {0} 条，包括时间、应用程序和文字。这个程序可能会把它们发送出去。名称是它自称的。</translation>
    </message>
    <message>
        <source>Allow once</source>
        <translation>允许一次</translation>
    </message>
    <message>
        <source>Decline</source>
        <translation>谢绝</translation>
    </message>
    <message>
        <source>Do not allow</source>
        <translation>不允许</translation>
    </message>
</context>
<context>
    <name>RankedList</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>then {0}</source>
        <translation>然后是{0}</translation>
    </message>
    <message>
        <source>Add a microphone</source>
        <translation>添加麦克风</translation>
    </message>
    <message>
        <source>{0} (not connected)</source>
        <translation>{0}（未连接）</translation>
    </message>
    <message>
        <source>Move {0} up</source>
        <translation>将 {0} 上移</translation>
    </message>
    <message>
        <source>Move {0} down</source>
        <translation>将 {0} 下移</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
</context>
<context>
    <name>RemedyView</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy: {0}</source>
        <translation>复制：{0}</translation>
    </message>
</context>
<context>
    <name>RequirementsStep</name>
    <message>
        <source>What is missing</source>
        <translation>还缺什么</translation>
    </message>
    <message>
        <source>It keeps Intone from working as it should. Mend it now, or go on and do it later.</source>
        <translation>这会妨碍 Intone 正常工作。可以现在处理，也可以继续，以后再说。</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Looking at this machine</source>
        <translation>正在检查这台电脑</translation>
    </message>
    <message>
        <source>Mend it, then check again.</source>
        <translation>处理好之后请重新检查。</translation>
    </message>
    <message>
        <source>Nothing is missing any more.</source>
        <translation>什么都不缺了。</translation>
    </message>
</context>
<context>
    <name>RowActions</name>
    <message>
        <source>Deleted.</source>
        <translation>已删除。</translation>
    </message>
    <message>
        <source>Corrected. Leave {0} as it is from now on?</source>
        <translation>已更正。以后“{0}”都保持原样吗？</translation>
    </message>
    <message>
        <source>Corrected. Write {0} for {1} from now on?</source>
        <translation>已更正。以后听到“{1}”都写成“{0}”吗？</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>记住</translation>
    </message>
    <message>
        <source>Corrected.</source>
        <translation>已更正。</translation>
    </message>
    <message>
        <source>Transcribed again: the same words.</source>
        <translation>已重新转写：文字相同。</translation>
    </message>
    <message>
        <source>Transcribed again.</source>
        <translation>已重新转写。</translation>
    </message>
    <message>
        <source>Noted. It counts from now on.</source>
        <translation>已记下，从现在起生效。</translation>
    </message>
    <message>
        <source>{0} will be written for {1}.</source>
        <translation>以后“{1}”会写成“{0}”。</translation>
    </message>
    <message>
        <source>{0} will be left as it is.</source>
        <translation>以后“{0}”会保持原样。</translation>
    </message>
    <message>
        <source>It is as it was.</source>
        <translation>已恢复原样。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>RuleSwitches</name>
    <message>
        <source>{0}  →  {1}</source>
        <translation>{0}  →  {1}</translation>
    </message>
    <message>
        <source>without {0}</source>
        <translation>不含 {0}</translation>
    </message>
    <message>
        <source>all of them</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>ServiceKeyRow</name>
    <message>
        <source>Paste a key</source>
        <translation>粘贴密钥</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Keep it unencrypted</source>
        <translation>不加密保存</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>The key was not kept.</source>
        <translation>密钥没有保存。</translation>
    </message>
    <message>
        <source>In keys.toml, which any program of yours can read.</source>
        <translation>存入 keys.toml，您的任何程序都能读取。</translation>
    </message>
    <message>
        <source>Whether there is a key could not be seen.</source>
        <translation>无法得知是否有密钥。</translation>
    </message>
    <message>
        <source>There is none yet. It is kept in {0}.</source>
        <translation>还没有密钥。它会存入{0}。</translation>
    </message>
    <message>
        <source>One that ends in {0}, in {1}.</source>
        <translation>有一个以 {0} 结尾的密钥，位于 {1}。</translation>
    </message>
    <message>
        <source>There is one, in {0}.</source>
        <translation>有一个密钥，位于 {0}。</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>{0}: reset</source>
        <translation>{0}：重置</translation>
    </message>
    <message>
        <source>Leaves this machine</source>
        <translation>离开本机</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Default: {0}  ·  Reset</source>
        <translation>默认：{0}  ·  重置</translation>
    </message>
    <message>
        <source>{0}: reset to the default, {1}</source>
        <translation>{0}：重置为默认值 {1}</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Intone settings</source>
        <translation>Intone 设置</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>没有包含这些词的设置。</translation>
    </message>
</context>
<context>
    <name>SoundFileField</name>
    <message>
        <source>Ours</source>
        <translation>自带声音</translation>
    </message>
    <message>
        <source>{0}: file</source>
        <translation>{0}：文件</translation>
    </message>
    <message>
        <source>{0}: choose a file</source>
        <translation>{0}：选择文件</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>选择文件</translation>
    </message>
    <message>
        <source>{0}: play</source>
        <translation>{0}：播放</translation>
    </message>
    <message>
        <source>Choose a sound</source>
        <translation>选择声音</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
</context>
<context>
    <name>SoundsPage</name>
    <message>
        <source>Sounds</source>
        <translation>提示音</translation>
    </message>
</context>
<context>
    <name>SpeechPage</name>
    <message>
        <source>Check everything</source>
        <translation>全面检查</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Key for {0}</source>
        <translation>{0} 的密钥</translation>
    </message>
</context>
<context>
    <name>StatisticsWindow</name>
    <message>
        <source>Intone mood and numbers</source>
        <translation>Intone 语气与数字</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 90 days</source>
        <translation>最近 90 天</translation>
    </message>
    <message>
        <source>Last year</source>
        <translation>最近一年</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>As a table</source>
        <translation>以表格显示</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>it cannot be written</source>
        <translation>无法写入</translation>
    </message>
    <message>
        <source>{0} was not saved: {1}.</source>
        <translation>{0} 没有保存：{1}。</translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation>已保存为 {0}。</translation>
    </message>
    <message>
        <source>Show the numbers of this plot (Ctrl+T)</source>
        <translation>显示此图的数字（Ctrl+T）</translation>
    </message>
    <message>
        <source>The plot as a picture, or its numbers as CSV (Ctrl+S)</source>
        <translation>将图保存为图片，或将数字保存为 CSV（Ctrl+S）</translation>
    </message>
    <message>
        <source>What you said, one by one (Ctrl+H)</source>
        <translation>您说过的话，逐条查看（Ctrl+H）</translation>
    </message>
    <message>
        <source>The numbers of what you dictate will be here.</source>
        <translation>您听写的统计数字会出现在这里。</translation>
    </message>
    <message>
        <source>Hold {0} and speak; the numbers will be here.</source>
        <translation>按住 {0} 说话，数字就会出现在这里。</translation>
    </message>
    <message>
        <source>Private mode is on, so there are no numbers.</source>
        <translation>隐私模式已开启，所以没有数字。</translation>
    </message>
    <message>
        <source>Nothing was dictated in this time.</source>
        <translation>这段时间没有听写。</translation>
    </message>
    <message>
        <source>Private mode is on: nothing is added.</source>
        <translation>隐私模式已开启：不会添加任何内容。</translation>
    </message>
    <message>
        <source>Added up from your history, on this machine. What is deleted counts no more.</source>
        <translation>由您的历史在本机汇总。已删除的不再计入。</translation>
    </message>
    <message>
        <source>Picture (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <source>Numbers (*.csv)</source>
        <translation>数字 (*.csv)</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>StepDots</name>
    <message>
        <source>Step {0} of {1}</source>
        <translation>第 {0} 步，共 {1} 步</translation>
    </message>
</context>
<context>
    <name>StyleCard</name>
    <message>
        <source>Style</source>
        <translation>风格</translation>
    </message>
    <message>
        <source>A new style</source>
        <translation>新风格</translation>
    </message>
    <message>
        <source>Name of a new style</source>
        <translation>新风格的名称</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add the style</source>
        <translation>添加此风格</translation>
    </message>
    <message>
        <source>As chosen above</source>
        <translation>按上面的选择</translation>
    </message>
    <message>
        <source>Tidy at most</source>
        <translation>最多整理</translation>
    </message>
    <message>
        <source>As spoken</source>
        <translation>原话</translation>
    </message>
    <message>
        <source>Polish in this style</source>
        <translation>此风格的润色</translation>
    </message>
    <message>
        <source>Stays words</source>
        <translation>照原话</translation>
    </message>
    <message>
        <source>Names within sentences</source>
        <translation>句中的名称</translation>
    </message>
    <message>
        <source>Written as code</source>
        <translation>写成代码</translation>
    </message>
    <message>
        <source>Spoken code in this style</source>
        <translation>此风格中口述的代码</translation>
    </message>
    <message>
        <source>What a language model is told besides</source>
        <translation>另外告诉语言模型的话</translation>
    </message>
    <message>
        <source>Keep it short and friendly.</source>
        <translation>简短而友好。</translation>
    </message>
    <message>
        <source>Begins with a capital</source>
        <translation>句首大写</translation>
    </message>
    <message>
        <source>Closes the last sentence</source>
        <translation>末句加标点</translation>
    </message>
    <message>
        <source>In this style: {0}</source>
        <translation>在此风格中：{0}</translation>
    </message>
    <message>
        <source>All editors for code</source>
        <translation>所有代码编辑器</translation>
    </message>
    <message>
        <source>All terminals</source>
        <translation>所有终端</translation>
    </message>
    <message>
        <source>Applications</source>
        <translation>应用程序</translation>
    </message>
    <message>
        <source>slack, discord</source>
        <translation>slack, discord</translation>
    </message>
    <message>
        <source>Web sites</source>
        <translation>网站</translation>
    </message>
    <message>
        <source>mail.example.org</source>
        <translation>mail.example.org</translation>
    </message>
    <message>
        <source>Window titles</source>
        <translation>窗口标题</translation>
    </message>
    <message>
        <source>*Invoice*</source>
        <translation>*发票*</translation>
    </message>
    <message>
        <source>Add an application you dictated into</source>
        <translation>添加您听写过的应用程序</translation>
    </message>
    <message>
        <source>Add one you used</source>
        <translation>添加用过的</translation>
    </message>
    <message>
        <source>Anywhere else</source>
        <translation>其他任何地方</translation>
    </message>
    <message>
        <source>As it comes</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Besides the places that Intone knows for it.</source>
        <translation>另有 Intone 已知的地方。</translation>
    </message>
    <message>
        <source>Rules written by hand in styles.toml: {0}.</source>
        <translation>styles.toml 中手写的规则：{0} 条。</translation>
    </message>
    <message>
        <source>Use this style in: {0}</source>
        <translation>此风格用于：{0}</translation>
    </message>
    <message>
        <source>How one writes where. The pill says which style holds, and why.</source>
        <translation>在哪里怎么写。浮标会显示用的是哪种风格，以及原因。</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>润色</translation>
    </message>
    <message>
        <source>A model is told</source>
        <translation>告诉模型</translation>
    </message>
    <message>
        <source>Spoken code</source>
        <translation>口述代码</translation>
    </message>
    <message>
        <source>Used in</source>
        <translation>用于</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>风格</translation>
    </message>
</context>
<context>
    <name>TextField</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>TextPage</name>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Address of the language model</source>
        <translation>语言模型的地址</translation>
    </message>
    <message>
        <source>Any server with OpenAI&apos;s chat completions.</source>
        <translation>任何提供 OpenAI 聊天接口的服务器。</translation>
    </message>
</context>
<context>
    <name>TimingLine</name>
    <message>
        <source>{0} ms until the text was sent, {1} ms until it was read</source>
        <translation>{0} 毫秒后文字发出，{1} 毫秒后被读取</translation>
    </message>
</context>
<context>
    <name>TrayIcon</name>
    <message>
        <source>Not everything in settings.toml is in force…</source>
        <translation>settings.toml 中有些内容没有生效…</translation>
    </message>
    <message>
        <source>Start dictation</source>
        <translation>开始听写</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What is wrong…</source>
        <translation>哪里有问题…</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Undo cancel</source>
        <translation>撤销取消</translation>
    </message>
    <message>
        <source>Undo last insertion</source>
        <translation>撤回上次输入</translation>
    </message>
    <message>
        <source>Swap raw and polished</source>
        <translation>原话与润色对调</translation>
    </message>
    <message>
        <source>Paste last</source>
        <translation>粘贴上次内容</translation>
    </message>
    <message>
        <source>Paste last as spoken</source>
        <translation>按原话粘贴上次内容</translation>
    </message>
    <message>
        <source>Copy last</source>
        <translation>复制上次内容</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>润色</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>Pause hotkeys</source>
        <translation>暂停快捷键</translation>
    </message>
    <message>
        <source>Private mode</source>
        <translation>私密模式</translation>
    </message>
    <message>
        <source>Note how it sounded</source>
        <translation>记录听起来如何</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>历史…</translation>
    </message>
    <message>
        <source>Mood and numbers…</source>
        <translation>语气与数字…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Set up again…</source>
        <translation>重新运行设置向导…</translation>
    </message>
    <message>
        <source>What works here…</source>
        <translation>检查各项功能…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Stop dictation</source>
        <translation>停止听写</translation>
    </message>
    <message>
        <source>Private mode: nothing is kept.</source>
        <translation>私密模式：不保留任何内容。</translation>
    </message>
</context>
<context>
    <name>TryItStep</name>
    <message>
        <source>Your first sentence</source>
        <translation>您的第一句话</translation>
    </message>
    <message>
        <source>A box to dictate into</source>
        <translation>听写框</translation>
    </message>
    <message>
        <source>Start dictation</source>
        <translation>开始听写</translation>
    </message>
    <message>
        <source>Stop dictation</source>
        <translation>结束听写</translation>
    </message>
    <message>
        <source>It was there {0} after the end.</source>
        <translation>结束 {0} 后就写好了。</translation>
    </message>
    <message>
        <source>It was there {0} after you let go.</source>
        <translation>松开 {0} 后就写好了。</translation>
    </message>
    <message>
        <source>Hold {0}, say a sentence, and let go. It works like this in every window.</source>
        <translation>按住 {0}，说一句话，然后松开。在任何窗口都是这样用。</translation>
    </message>
    <message>
        <source>Tap {0}, say a sentence, and pause. Go on speaking, or tap again to end. It works like this in every window.</source>
        <translation>轻按 {0}，说一句话，然后停顿。可以继续说，或再按一下结束。在任何窗口都能这样用。</translation>
    </message>
    <message>
        <source>Press the button, say a sentence, and press it again. With a key it works in every window.</source>
        <translation>点按钮，说一句话，再点一次。用键的话，在任何窗口都能这样用。</translation>
    </message>
    <message>
        <source>What you say will stand here.</source>
        <translation>您说的话会出现在这里。</translation>
    </message>
    <message>
        <source>Ready. Press the button and speak.</source>
        <translation>就绪。点按钮，然后说话。</translation>
    </message>
</context>
<context>
    <name>WelcomeStep</name>
    <message>
        <source>Speak instead of typing</source>
        <translation>用说话代替打字</translation>
    </message>
    <message>
        <source>Hold a key anywhere, speak, let go: the text is in the window you were in. Speech is recognized on this machine, and nothing leaves it unless you choose so.</source>
        <translation>在任何地方按住一个键，说话，松开：文字就在您所在的窗口里。语音在这台电脑上识别，除非您另作选择，任何内容都不会离开它。</translation>
    </message>
    <message>
        <source>Another language</source>
        <translation>其他语言</translation>
    </message>
    <message>
        <source>Which languages do you speak?</source>
        <translation>您说哪些语言？</translation>
    </message>
    <message>
        <source>Language of the windows</source>
        <translation>界面语言</translation>
    </message>
    <message>
        <source>They speak it after the next start.</source>
        <translation>下次启动后生效。</translation>
    </message>
    <message>
        <source>Intone goes by the layout of the keyboard.</source>
        <translation>Intone 以键盘布局为准。</translation>
    </message>
    <message>
        <source>None chosen: Intone listens for the language each time.</source>
        <translation>未选择：Intone 每次都会自动判断语言。</translation>
    </message>
    <message>
        <source>Intone expects this language.</source>
        <translation>Intone 会按这种语言识别。</translation>
    </message>
    <message>
        <source>Intone listens for which of these it is, each time.</source>
        <translation>Intone 每次会判断是其中哪一种。</translation>
    </message>
</context>
<context>
    <name>WordTable</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add the entry</source>
        <translation>添加此条目</translation>
    </message>
    <message>
        <source>A name or a term</source>
        <translation>名称或术语</translation>
    </message>
    <message>
        <source>What is heard: get hub</source>
        <translation>听到的：get hub</translation>
    </message>
    <message>
        <source>What is written: GitHub</source>
        <translation>写成的：GitHub</translation>
    </message>
    <message>
        <source>What you say: my address</source>
        <translation>您说的：我的地址</translation>
    </message>
    <message>
        <source>What is written for it</source>
        <translation>为此写出的内容</translation>
    </message>
    <message>
        <source>What is heard, and is right: Bartlett</source>
        <translation>听到的、本来就对的：莉丽</translation>
    </message>
</context>
<context>
    <name>WordTableModel</name>
    <message>
        <source>{0} is there already.</source>
        <translation>{0} 已经有了。</translation>
    </message>
    <message>
        <source>Listened for</source>
        <translation>留意的词</translation>
    </message>
    <message>
        <source>Heard, and left as it is</source>
        <translation>听到什么就写什么</translation>
    </message>
    <message>
        <source>Heard</source>
        <translation>听到</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>写成</translation>
    </message>
</context>
<context>
    <name>WordTables</name>
    <message>
        <source>Replacements</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Snippets</source>
        <translation>短语</translation>
    </message>
    <message>
        <source>Left alone</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>What is heard is written otherwise, in whatever case and at every place.</source>
        <translation>听到的写成别的，不分大小写，处处如此。</translation>
    </message>
    <message>
        <source>A few words stand for a text. It may have {date}, {time}, {date:%d %B %Y}, {clipboard} as it was at the press, and {cursor}. Ctrl+Return ends a text of several lines.</source>
        <translation>几个词代表一段文字。其中可以有 {date}、{time}、{date:%d %B %Y}、{clipboard}（按键时的剪贴板）和 {cursor}。多行文字以 Ctrl+回车结束。</translation>
    </message>
    <message>
        <source>What sounds like one of your words but is right as heard. Putting it back in the history adds it.</source>
        <translation>听起来像您的词、但本来就对的内容。在历史记录中改回去，就会加到这里。</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find an entry</source>
        <translation>查找条目</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>{0} entries were taken in.</source>
        <translation>已导入 {0} 个条目。</translation>
    </message>
    <message>
        <source>{0} more lines were left out.</source>
        <translation>另有 {0} 行被略过。</translation>
    </message>
    <message>
        <source>{0} entries were written to {1}.</source>
        <translation>已将 {0} 个条目写入 {1}。</translation>
    </message>
    <message>
        <source>Words (*.toml *.csv *.txt)</source>
        <translation>词汇 (*.toml *.csv *.txt)</translation>
    </message>
    <message>
        <source>Import words</source>
        <translation>导入词汇</translation>
    </message>
    <message>
        <source>Words alone (*.txt)</source>
        <translation>只有词 (*.txt)</translation>
    </message>
    <message>
        <source>Export words</source>
        <translation>导出词汇</translation>
    </message>
</context>
<context>
    <name>WordsPage</name>
    <message>
        <source>~/src, ~/work</source>
        <translation>~/src, ~/work</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>词汇</translation>
    </message>
</context>
<context>
    <name>asking</name>
    <message>
        <source>System default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>the best for this machine</source>
        <translation>最适合本机的</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>on this machine</source>
        <translation>在本机</translation>
    </message>
</context>
<context>
    <name>choices</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>{0} minutes</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>{0} days</source>
        <translation>{0} 天</translation>
    </message>
</context>
<context>
    <name>command</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open the page of Windows&apos; settings</source>
        <translation>打开 Windows 设置中的页面</translation>
    </message>
</context>
<context>
    <name>doctor</name>
    <message>
        <source>C++ libraries</source>
        <translation>C++ 库</translation>
    </message>
    <message>
        <source>Qt libraries</source>
        <translation>Qt 库</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Hotkey</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Host keys</source>
        <translation>宿主机按键</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Clipboard history</source>
        <translation>剪贴板历史</translation>
    </message>
    <message>
        <source>Input method</source>
        <translation>输入法</translation>
    </message>
    <message>
        <source>Accessibility</source>
        <translation>无障碍</translation>
    </message>
    <message>
        <source>ALSA&apos;s pulse plugin</source>
        <translation>ALSA 的 pulse 插件</translation>
    </message>
    <message>
        <source>Sound server</source>
        <translation>声音服务器</translation>
    </message>
    <message>
        <source>Access to the microphone</source>
        <translation>麦克风权限</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>通话</translation>
    </message>
    <message>
        <source>Keyboard layout</source>
        <translation>键盘布局</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choice of model</source>
        <translation>模型选择</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>语言模型</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词汇</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>托盘</translation>
    </message>
    <message>
        <source>Start with Windows</source>
        <translation>随 Windows 启动</translation>
    </message>
    <message>
        <source>Own files</source>
        <translation>自己的文件</translation>
    </message>
    <message>
        <source>Private files</source>
        <translation>私密文件</translation>
    </message>
    <message>
        <source>Long paths</source>
        <translation>长路径</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>App</source>
        <translation>应用</translation>
    </message>
</context>
<context>
    <name>first run</name>
    <message>
        <source>Intone lives in the tray</source>
        <translation>Intone 在系统托盘里</translation>
    </message>
    <message>
        <source>These three bars. A click opens the history, a right click everything else.</source>
        <translation>就是这三条竖线。单击打开历史记录，右键单击打开其他所有功能。</translation>
    </message>
    <message>
        <source>No tray is here to show Intone</source>
        <translation>这里没有可以显示 Intone 的托盘</translation>
    </message>
    <message>
        <source>Its history opens instead. Starting Intone once more brings it up again at any time.</source>
        <translation>因此会打开历史记录。再次启动 Intone 可随时重新打开它。</translation>
    </message>
    <message>
        <source>Behind the arrow there? Drag it out to keep it in sight.</source>
        <translation>藏在那里的箭头后面？把它拖出来就能一直看到。</translation>
    </message>
    <message>
        <source>Intone lives beside the clock</source>
        <translation>Intone 在时钟旁边</translation>
    </message>
</context>
<context>
    <name>languages</name>
    <message>
        <source>Afrikaans</source>
        <translation>南非荷兰语</translation>
    </message>
    <message>
        <source>Amharic</source>
        <translation>阿姆哈拉语</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯语</translation>
    </message>
    <message>
        <source>Assamese</source>
        <translation>阿萨姆语</translation>
    </message>
    <message>
        <source>Azerbaijani</source>
        <translation>阿塞拜疆语</translation>
    </message>
    <message>
        <source>Bashkir</source>
        <translation>巴什基尔语</translation>
    </message>
    <message>
        <source>Belarusian</source>
        <translation>白俄罗斯语</translation>
    </message>
    <message>
        <source>Bulgarian</source>
        <translation>保加利亚语</translation>
    </message>
    <message>
        <source>Bangla</source>
        <translation>孟加拉语</translation>
    </message>
    <message>
        <source>Tibetan</source>
        <translation>藏语</translation>
    </message>
    <message>
        <source>Breton</source>
        <translation>布列塔尼语</translation>
    </message>
    <message>
        <source>Bosnian</source>
        <translation>波斯尼亚语</translation>
    </message>
    <message>
        <source>Catalan</source>
        <translation>加泰罗尼亚语</translation>
    </message>
    <message>
        <source>Czech</source>
        <translation>捷克语</translation>
    </message>
    <message>
        <source>Welsh</source>
        <translation>威尔士语</translation>
    </message>
    <message>
        <source>Danish</source>
        <translation>丹麦语</translation>
    </message>
    <message>
        <source>German</source>
        <translation>德语</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>希腊语</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英语</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙语</translation>
    </message>
    <message>
        <source>Estonian</source>
        <translation>爱沙尼亚语</translation>
    </message>
    <message>
        <source>Basque</source>
        <translation>巴斯克语</translation>
    </message>
    <message>
        <source>Persian</source>
        <translation>波斯语</translation>
    </message>
    <message>
        <source>Finnish</source>
        <translation>芬兰语</translation>
    </message>
    <message>
        <source>Faroese</source>
        <translation>法罗语</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法语</translation>
    </message>
    <message>
        <source>Galician</source>
        <translation>加利西亚语</translation>
    </message>
    <message>
        <source>Gujarati</source>
        <translation>古吉拉特语</translation>
    </message>
    <message>
        <source>Hausa</source>
        <translation>豪萨语</translation>
    </message>
    <message>
        <source>Hawaiian</source>
        <translation>夏威夷语</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>希伯来语</translation>
    </message>
    <message>
        <source>Hindi</source>
        <translation>印地语</translation>
    </message>
    <message>
        <source>Croatian</source>
        <translation>克罗地亚语</translation>
    </message>
    <message>
        <source>Haitian Creole</source>
        <translation>海地克里奥尔语</translation>
    </message>
    <message>
        <source>Hungarian</source>
        <translation>匈牙利语</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>亚美尼亚语</translation>
    </message>
    <message>
        <source>Indonesian</source>
        <translation>印度尼西亚语</translation>
    </message>
    <message>
        <source>Icelandic</source>
        <translation>冰岛语</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>意大利语</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>日语</translation>
    </message>
    <message>
        <source>Javanese</source>
        <translation>爪哇语</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>格鲁吉亚语</translation>
    </message>
    <message>
        <source>Kazakh</source>
        <translation>哈萨克语</translation>
    </message>
    <message>
        <source>Khmer</source>
        <translation>高棉语</translation>
    </message>
    <message>
        <source>Kannada</source>
        <translation>卡纳达语</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>韩语</translation>
    </message>
    <message>
        <source>Latin</source>
        <translation>拉丁语</translation>
    </message>
    <message>
        <source>Luxembourgish</source>
        <translation>卢森堡语</translation>
    </message>
    <message>
        <source>Lingala</source>
        <translation>林加拉语</translation>
    </message>
    <message>
        <source>Lao</source>
        <translation>老挝语</translation>
    </message>
    <message>
        <source>Lithuanian</source>
        <translation>立陶宛语</translation>
    </message>
    <message>
        <source>Latvian</source>
        <translation>拉脱维亚语</translation>
    </message>
    <message>
        <source>Malagasy</source>
        <translation>马达加斯加语</translation>
    </message>
    <message>
        <source>Māori</source>
        <translation>毛利语</translation>
    </message>
    <message>
        <source>Macedonian</source>
        <translation>马其顿语</translation>
    </message>
    <message>
        <source>Malayalam</source>
        <translation>马拉雅拉姆语</translation>
    </message>
    <message>
        <source>Mongolian</source>
        <translation>蒙古语</translation>
    </message>
    <message>
        <source>Marathi</source>
        <translation>马拉地语</translation>
    </message>
    <message>
        <source>Malay</source>
        <translation>马来语</translation>
    </message>
    <message>
        <source>Maltese</source>
        <translation>马耳他语</translation>
    </message>
    <message>
        <source>Burmese</source>
        <translation>缅甸语</translation>
    </message>
    <message>
        <source>Nepali</source>
        <translation>尼泊尔语</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>荷兰语</translation>
    </message>
    <message>
        <source>Norwegian Nynorsk</source>
        <translation>新挪威语</translation>
    </message>
    <message>
        <source>Norwegian Bokmål</source>
        <translation>书面挪威语</translation>
    </message>
    <message>
        <source>Occitan</source>
        <translation>奥克语</translation>
    </message>
    <message>
        <source>Punjabi</source>
        <translation>旁遮普语</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>波兰语</translation>
    </message>
    <message>
        <source>Pashto</source>
        <translation>普什图语</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>葡萄牙语</translation>
    </message>
    <message>
        <source>Romanian</source>
        <translation>罗马尼亚语</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄语</translation>
    </message>
    <message>
        <source>Sanskrit</source>
        <translation>梵语</translation>
    </message>
    <message>
        <source>Sindhi</source>
        <translation>信德语</translation>
    </message>
    <message>
        <source>Sinhala</source>
        <translation>僧伽罗语</translation>
    </message>
    <message>
        <source>Slovak</source>
        <translation>斯洛伐克语</translation>
    </message>
    <message>
        <source>Slovenian</source>
        <translation>斯洛文尼亚语</translation>
    </message>
    <message>
        <source>Shona</source>
        <translation>绍纳语</translation>
    </message>
    <message>
        <source>Somali</source>
        <translation>索马里语</translation>
    </message>
    <message>
        <source>Albanian</source>
        <translation>阿尔巴尼亚语</translation>
    </message>
    <message>
        <source>Serbian</source>
        <translation>塞尔维亚语</translation>
    </message>
    <message>
        <source>Sundanese</source>
        <translation>巽他语</translation>
    </message>
    <message>
        <source>Swedish</source>
        <translation>瑞典语</translation>
    </message>
    <message>
        <source>Swahili</source>
        <translation>斯瓦希里语</translation>
    </message>
    <message>
        <source>Tamil</source>
        <translation>泰米尔语</translation>
    </message>
    <message>
        <source>Telugu</source>
        <translation>泰卢固语</translation>
    </message>
    <message>
        <source>Tajik</source>
        <translation>塔吉克语</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>泰语</translation>
    </message>
    <message>
        <source>Turkmen</source>
        <translation>土库曼语</translation>
    </message>
    <message>
        <source>Filipino</source>
        <translation>菲律宾语</translation>
    </message>
    <message>
        <source>Turkish</source>
        <translation>土耳其语</translation>
    </message>
    <message>
        <source>Tatar</source>
        <translation>鞑靼语</translation>
    </message>
    <message>
        <source>Ukrainian</source>
        <translation>乌克兰语</translation>
    </message>
    <message>
        <source>Urdu</source>
        <translation>乌尔都语</translation>
    </message>
    <message>
        <source>Uzbek</source>
        <translation>乌兹别克语</translation>
    </message>
    <message>
        <source>Vietnamese</source>
        <translation>越南语</translation>
    </message>
    <message>
        <source>Yiddish</source>
        <translation>意第绪语</translation>
    </message>
    <message>
        <source>Yoruba</source>
        <translation>约鲁巴语</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Cantonese</source>
        <translation>粤语</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>Something went wrong in Intone.</source>
        <translation>Intone 出了问题。</translation>
    </message>
    <message>
        <source>The log says more.</source>
        <translation>日志中有更多说明。</translation>
    </message>
    <message>
        <source>The keys are paused.</source>
        <translation>按键已暂停。</translation>
    </message>
    <message>
        <source>You are dictating just now.</source>
        <translation>您正在听写。</translation>
    </message>
    <message>
        <source>Try it when that has ended.</source>
        <translation>请在听写结束后再试。</translation>
    </message>
    <message>
        <source>There is no recording that could be used.</source>
        <translation>没有可用的录音。</translation>
    </message>
    <message>
        <source>Say something instead.</source>
        <translation>请改为说句话。</translation>
    </message>
    <message>
        <source>Something went wrong in the test.</source>
        <translation>测试时出了问题。</translation>
    </message>
    <message>
        <source>The log says what.</source>
        <translation>日志中有说明。</translation>
    </message>
    <message>
        <source>There is no address to look at.</source>
        <translation>没有可查看的地址。</translation>
    </message>
    <message>
        <source>Enter the one that publishes new versions, or leave it empty.</source>
        <translation>请填写发布新版本的地址，或留空。</translation>
    </message>
    <message>
        <source>{host} did not sign its answer, so it was not believed.</source>
        <translation>{host} 没有为它的回答签名，因此不予采信。</translation>
    </message>
    <message>
        <source>Look whether the address is right, or ask who publishes Intone there.</source>
        <translation>请检查地址是否正确，或询问在那里发布 Intone 的人。</translation>
    </message>
    <message>
        <source>The answer of {host} is not signed by the key in your settings: not believed.</source>
        <translation>{host} 的回答不是由您设置中的密钥签名的：不予采信。</translation>
    </message>
    <message>
        <source>Install nothing from there. Try again later; if it stays so, ask who publishes Intone whether the key has changed.</source>
        <translation>请不要从那里安装任何东西。稍后再试；如果仍然如此，请询问 Intone 的发布者密钥是否已更换。</translation>
    </message>
    <message>
        <source>{host} gave an answer that is older than its last one, so it was not believed.</source>
        <translation>{host} 的回答比上一次的更旧，因此不予采信。</translation>
    </message>
    <message>
        <source>Try again tomorrow; if it stays so, ask who publishes Intone.</source>
        <translation>请明天再试；如果仍然如此，请询问 Intone 的发布者。</translation>
    </message>
    <message>
        <source>In a terminal: sudo apt update &amp;&amp; sudo apt install intone</source>
        <translation>在终端中运行：sudo apt update &amp;&amp; sudo apt install intone</translation>
    </message>
    <message>
        <source>Download its package and install that over this one, also while Intone runs.</source>
        <translation>请下载它的软件包并覆盖安装，Intone 正在运行时也可以。</translation>
    </message>
    <message>
        <source>Run the newer installer, also while Intone runs.</source>
        <translation>请运行新版安装程序，Intone 正在运行时也可以。</translation>
    </message>
    <message>
        <source>Download it and put it in place of this one.</source>
        <translation>请下载它并替换当前的版本。</translation>
    </message>
    <message>
        <source>Install it as you did this one, for example: uv tool upgrade intone</source>
        <translation>请用安装当前版本的方式安装，例如：uv tool upgrade intone</translation>
    </message>
    <message>
        <source>What is installed now does not start, so Intone goes on as it is.</source>
        <translation>现在安装的版本无法启动，因此 Intone 照旧运行。</translation>
    </message>
    <message>
        <source>See what intone --version says in a terminal.</source>
        <translation>请在终端中查看 intone --version 的输出。</translation>
    </message>
    <message>
        <source>Words that are in memory alone would be lost, so Intone goes on as it is.</source>
        <translation>有些文字只在内存里，重新启动会丢失，因此 Intone 照旧运行。</translation>
    </message>
    <message>
        <source>Paste the last text if you need it. Intone can start anew once a dictation is kept again; to do without the words, quit it and start it.</source>
        <translation>如果还需要最近的文字，请先粘贴。再有一次听写被保留后，Intone 就能重新启动；如果不再需要，请退出 Intone 再启动。</translation>
    </message>
    <message>
        <source>Is the address right?</source>
        <translation>地址对吗？</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>请稍后再试。</translation>
    </message>
    <message>
        <source>Something went wrong.</source>
        <translation>出了问题。</translation>
    </message>
    <message>
        <source>Something went wrong with the history.</source>
        <translation>历史出了问题。</translation>
    </message>
    <message>
        <source>Something went wrong with the models.</source>
        <translation>模型出了问题。</translation>
    </message>
    <message>
        <source>Something went wrong with your words.</source>
        <translation>处理您的词汇时出了问题。</translation>
    </message>
    <message>
        <source>No microphone was found.</source>
        <translation>没有找到麦克风。</translation>
    </message>
    <message>
        <source>Connect one, or turn it on in the sound settings.</source>
        <translation>请连接一个，或在声音设置中打开。</translation>
    </message>
    <message>
        <source>{device} could not be opened.</source>
        <translation>无法打开 {device}。</translation>
    </message>
    <message>
        <source>See whether another program holds it, or choose another microphone in the settings.</source>
        <translation>看看是否被其他程序占用，或在设置中选择别的麦克风。</translation>
    </message>
    <message>
        <source>Windows keeps programs like Intone from the microphone.</source>
        <translation>Windows 不允许 Intone 这样的程序使用麦克风。</translation>
    </message>
    <message>
        <source>Turn microphone access on, for desktop apps too: Settings &gt; Privacy &amp; security &gt; Microphone (ms-settings:privacy-microphone).</source>
        <translation>请打开麦克风访问权限，也对桌面应用打开：设置 &gt; 隐私和安全性 &gt; 麦克风（ms-settings:privacy-microphone）。</translation>
    </message>
    <message>
        <source>The microphone does not answer.</source>
        <translation>麦克风没有回应。</translation>
    </message>
    <message>
        <source>Restart the sound server, or Intone.</source>
        <translation>请重启声音服务器或 Intone。</translation>
    </message>
    <message>
        <source>PortAudio is missing, so no microphone can be opened.</source>
        <translation>缺少 PortAudio，无法打开麦克风。</translation>
    </message>
    <message>
        <source>Install it: sudo apt install libportaudio2 libasound2-plugins</source>
        <translation>请安装：sudo apt install libportaudio2 libasound2-plugins</translation>
    </message>
    <message>
        <source>The sound server does not answer.</source>
        <translation>声音服务器没有回应。</translation>
    </message>
    <message>
        <source>Restart it: systemctl --user restart pipewire-pulse</source>
        <translation>请重启它：systemctl --user restart pipewire-pulse</translation>
    </message>
    <message>
        <source>The sound server gives an answer that makes no sense.</source>
        <translation>声音服务器的回答无法理解。</translation>
    </message>
    <message>
        <source>{device} is waking up.</source>
        <translation>{device} 正在唤醒。</translation>
    </message>
    <message>
        <source>Speak as soon as the bars move.</source>
        <translation>音量条动起来就可以说话。</translation>
    </message>
    <message>
        <source>{device} is silent.</source>
        <translation>{device} 没有声音。</translation>
    </message>
    <message>
        <source>Is it muted at its switch, or the wrong one?</source>
        <translation>是它的开关静音了，还是选错了？</translation>
    </message>
    <message>
        <source>{device} gives no sound.</source>
        <translation>{device} 没有传来声音。</translation>
    </message>
    <message>
        <source>Intone waits for it.</source>
        <translation>Intone 正在等待它。</translation>
    </message>
    <message>
        <source>{device} is muted.</source>
        <translation>{device} 已静音。</translation>
    </message>
    <message>
        <source>Unmute it in the sound settings.</source>
        <translation>请在声音设置中取消静音。</translation>
    </message>
    <message>
        <source>{device} is suspended.</source>
        <translation>{device} 已挂起。</translation>
    </message>
    <message>
        <source>Close what else uses it, or choose another microphone.</source>
        <translation>请关闭占用它的程序，或选择别的麦克风。</translation>
    </message>
    <message>
        <source>{device} is turned down to 0 %.</source>
        <translation>{device} 的音量调到了 0%。</translation>
    </message>
    <message>
        <source>Turn it up in the sound settings.</source>
        <translation>请在声音设置中调高。</translation>
    </message>
    <message>
        <source>Intone&apos;s recording is muted.</source>
        <translation>Intone 的录音已静音。</translation>
    </message>
    <message>
        <source>Nothing is plugged into {device}.</source>
        <translation>{device} 没有插入任何设备。</translation>
    </message>
    <message>
        <source>Plug a microphone in, or choose another one.</source>
        <translation>请插入麦克风，或选择别的。</translation>
    </message>
    <message>
        <source>The microphone is silent.</source>
        <translation>麦克风没有声音。</translation>
    </message>
    <message>
        <source>Is it muted?</source>
        <translation>是否被静音？</translation>
    </message>
    <message>
        <source>{device} was unplugged.</source>
        <translation>{device} 已被拔出。</translation>
    </message>
    <message>
        <source>{device} stopped delivering sound.</source>
        <translation>{device} 不再传来声音。</translation>
    </message>
    <message>
        <source>The sound server stopped.</source>
        <translation>声音服务器已停止。</translation>
    </message>
    <message>
        <source>Intone looks for another microphone. What you said so far is not lost.</source>
        <translation>Intone 正在寻找其他麦克风。您到目前为止说的内容没有丢失。</translation>
    </message>
    <message>
        <source>Intone looks for another microphone.</source>
        <translation>Intone 正在寻找其他麦克风。</translation>
    </message>
    <message>
        <source>Check that it is connected, or choose another microphone in the settings.</source>
        <translation>请检查连接，或在设置中选择别的麦克风。</translation>
    </message>
    <message>
        <source>{loss} Kept {seconds} s of speech.</source>
        <translation>{loss}已保留 {seconds} 秒的语音。</translation>
    </message>
    <message>
        <source>{loss} Heard {seconds} s of speech.</source>
        <translation>{loss}听到了 {seconds} 秒的语音。</translation>
    </message>
    <message>
        <source>Nothing was kept. Check that it is connected, or choose another microphone in the settings.</source>
        <translation>什么都没有保留。请检查它是否已连接，或在设置中选择另一个麦克风。</translation>
    </message>
    <message>
        <source>There is no file {path}.</source>
        <translation>没有文件 {path}。</translation>
    </message>
    <message>
        <source>Check its name.</source>
        <translation>请检查文件名。</translation>
    </message>
    <message>
        <source>{path} holds no sound.</source>
        <translation>{path} 中没有声音。</translation>
    </message>
    <message>
        <source>Give a file with an audio stream.</source>
        <translation>请给出含有音轨的文件。</translation>
    </message>
    <message>
        <source>{path} holds more than {hours} hours of sound.</source>
        <translation>{path} 中的声音超过 {hours} 小时。</translation>
    </message>
    <message>
        <source>Cut it into parts, then try again.</source>
        <translation>请将其分成几段后再试。</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>无法读取 {path}：{reason}。</translation>
    </message>
    <message>
        <source>Is it an audio file?</source>
        <translation>它是音频文件吗？</translation>
    </message>
    <message>
        <source>{path} cannot be read.</source>
        <translation>无法读取 {path}。</translation>
    </message>
    <message>
        <source>Save it as another kind of audio file, then try again.</source>
        <translation>请将其另存为其他格式的音频文件，然后重试。</translation>
    </message>
    <message>
        <source>This file is not there any more.</source>
        <translation>此文件已不存在。</translation>
    </message>
    <message>
        <source>Our own sound is played. Choose another one.</source>
        <translation>将播放自带的声音。请另选一个文件。</translation>
    </message>
    <message>
        <source>This file cannot be played.</source>
        <translation>无法播放此文件。</translation>
    </message>
    <message>
        <source>Our own sound is. Choose a WAV, FLAC or OGG file.</source>
        <translation>将播放自带的声音。请选择 WAV、FLAC 或 OGG 文件。</translation>
    </message>
    <message>
        <source>There is no sound in this file.</source>
        <translation>此文件中没有声音。</translation>
    </message>
    <message>
        <source>Sound cannot be played here.</source>
        <translation>这里无法播放声音。</translation>
    </message>
    <message>
        <source>Install pulseaudio-utils, or turn the volume up.</source>
        <translation>请安装 pulseaudio-utils，或调高音量。</translation>
    </message>
    <message>
        <source>Install pulseaudio-utils.</source>
        <translation>请安装 pulseaudio-utils。</translation>
    </message>
    <message>
        <source>The recording could not be played.</source>
        <translation>无法播放录音。</translation>
    </message>
    <message>
        <source>Is there a loudspeaker?</source>
        <translation>有扬声器吗？</translation>
    </message>
    <message>
        <source>{device} gave no sound for {seconds} s.</source>
        <translation>{device} 有 {seconds} 秒没有声音。</translation>
    </message>
    <message>
        <source>{device} was muted for {seconds} s.</source>
        <translation>{device} 静音了 {seconds} 秒。</translation>
    </message>
    <message>
        <source>{device} was suspended for {seconds} s.</source>
        <translation>{device} 挂起了 {seconds} 秒。</translation>
    </message>
    <message>
        <source>{device} was at 0 % for {seconds} s.</source>
        <translation>{device} 的音量有 {seconds} 秒为 0 %。</translation>
    </message>
    <message>
        <source>Intone&apos;s recording was muted for {seconds} s.</source>
        <translation>Intone 的录音静音了 {seconds} 秒。</translation>
    </message>
    <message>
        <source>The sound server did not answer for {seconds} s.</source>
        <translation>声音服务有 {seconds} 秒没有回应。</translation>
    </message>
    <message>
        <source>The computer was too busy to record: {seconds} s of sound are missing.</source>
        <translation>电脑太忙，来不及录音：缺了 {seconds} 秒的声音。</translation>
    </message>
    <message>
        <source>{loss} It was back after {seconds} s.</source>
        <translation>{loss}它在 {seconds} 秒后恢复。</translation>
    </message>
    <message>
        <source>{loss} Went on with {device}.</source>
        <translation>{loss}改用 {device} 继续。</translation>
    </message>
    <message>
        <source>{loss} Went on with {device} after {seconds} s.</source>
        <translation>{loss}{seconds} 秒后改用 {device} 继续。</translation>
    </message>
    <message>
        <source>Went on with {device} instead of {other}.</source>
        <translation>改用 {device} 代替 {other} 继续。</translation>
    </message>
    <message>
        <source>No key was given.</source>
        <translation>没有给出密钥。</translation>
    </message>
    <message>
        <source>Paste it at the prompt, or pipe it in: intone key set NAME &lt; FILE</source>
        <translation>请在提示处粘贴，或从管道传入：intone key set NAME &lt; FILE</translation>
    </message>
    <message>
        <source>This is no key: it has blanks, line breaks or marks that no key has.</source>
        <translation>这不是密钥：其中有密钥不会有的空格、换行或符号。</translation>
    </message>
    <message>
        <source>Copy the key alone.</source>
        <translation>请只复制密钥本身。</translation>
    </message>
    <message>
        <source>{variable} is no key: it has blanks, line breaks or marks that no key has.</source>
        <translation>{variable} 不是密钥：其中有密钥不会有的空格、换行或符号。</translation>
    </message>
    <message>
        <source>The keys in {path} cannot be read or written.</source>
        <translation>无法读写 {path} 中的密钥。</translation>
    </message>
    <message>
        <source>The key in {path} is not used: other users of this machine can read it.</source>
        <translation>未使用 {path} 中的密钥：这台电脑的其他用户可以读取它。</translation>
    </message>
    <message>
        <source>Make it yours alone with chmod 600, or keep the key in the keyring with `intone key set {name}`.</source>
        <translation>请用 chmod 600 让它只属于您，或用 `intone key set {name}` 把密钥存入密钥环。</translation>
    </message>
    <message>
        <source>No keyring is here to keep keys in.</source>
        <translation>这里没有可保存密钥的密钥环。</translation>
    </message>
    <message>
        <source>Start a Secret Service (GNOME Keyring, KWallet, KeePassXC); or set {variable}, or keep the key unencrypted: intone key set {name} --plain</source>
        <translation>请启动一个密钥服务（GNOME Keyring、KWallet、KeePassXC）；或设置 {variable}，或不加密保存密钥：intone key set {name} --plain</translation>
    </message>
    <message>
        <source>Start a Secret Service (GNOME Keyring, KWallet, KeePassXC).</source>
        <translation>请启动一个密钥服务（GNOME Keyring、KWallet、KeePassXC）。</translation>
    </message>
    <message>
        <source>The keyring is locked.</source>
        <translation>密钥环已锁定。</translation>
    </message>
    <message>
        <source>Unlock it and try again; or set {variable}, or keep the key unencrypted: intone key set {name} --plain</source>
        <translation>请解锁后再试；或设置 {variable}，或不加密保存密钥：intone key set {name} --plain</translation>
    </message>
    <message>
        <source>Unlock it and try again.</source>
        <translation>请解锁后再试。</translation>
    </message>
    <message>
        <source>The keyring does not work ({error}).</source>
        <translation>密钥环不可用（{error}）。</translation>
    </message>
    <message>
        <source>Set {variable}, or keep the key unencrypted: intone key set {name} --plain</source>
        <translation>请设置 {variable}，或不加密保存密钥：intone key set {name} --plain</translation>
    </message>
    <message>
        <source>Start a keyring that keeps what it is given, and try again.</source>
        <translation>请启动一个能保存内容的密钥环，然后重试。</translation>
    </message>
    <message>
        <source>The keyring did not keep the key.</source>
        <translation>密钥环没有保存密钥。</translation>
    </message>
    <message>
        <source>the keyring</source>
        <translation>密钥环</translation>
    </message>
    <message>
        <source>the environment ({variable})</source>
        <translation>环境变量（{variable}）</translation>
    </message>
    <message>
        <source>the file {path}, unencrypted</source>
        <translation>文件 {path}，未加密</translation>
    </message>
    <message>
        <source>The recording is kept. The log says more.</source>
        <translation>录音已保留。日志中有更多说明。</translation>
    </message>
    <message>
        <source>Nothing was kept. The log says more.</source>
        <translation>什么都没有保留。日志中有更多说明。</translation>
    </message>
    <message>
        <source>Intone tried twice to transcribe this recording, and could not.</source>
        <translation>Intone 两次尝试转写这段录音，都没有成功。</translation>
    </message>
    <message>
        <source>It is kept. Try it again from the history.</source>
        <translation>录音已保留，请在历史记录中重试。</translation>
    </message>
    <message>
        <source>There is no recording of it any more.</source>
        <translation>它的录音已不在。</translation>
    </message>
    <message>
        <source>history.keep_audio_days says how long one is kept.</source>
        <translation>history.keep_audio_days 规定录音保留多久。</translation>
    </message>
    <message>
        <source>No words were heard in the recording.</source>
        <translation>录音中没有听到话语。</translation>
    </message>
    <message>
        <source>What was there before is kept.</source>
        <translation>之前的内容已保留。</translation>
    </message>
    <message>
        <source>The text is there, but could not be written into its row.</source>
        <translation>文字还在，但无法写入它的记录。</translation>
    </message>
    <message>
        <source>Paste the last text again.</source>
        <translation>请重新粘贴最近的文字。</translation>
    </message>
    <message>
        <source>Nothing was kept of what was said last.</source>
        <translation>上次说的内容没有保留。</translation>
    </message>
    <message>
        <source>Say it again.</source>
        <translation>请再说一次。</translation>
    </message>
    <message>
        <source>There is no recording to take up again.</source>
        <translation>没有可继续处理的录音。</translation>
    </message>
    <message>
        <source>The history has what was said before.</source>
        <translation>之前说的内容在历史中。</translation>
    </message>
    <message>
        <source>Editing by voice has no key any more.</source>
        <translation>语音编辑已没有按键。</translation>
    </message>
    <message>
        <source>Choose one in the settings, and say it again.</source>
        <translation>请在设置中选一个，再说一遍。</translation>
    </message>
    <message>
        <source>{name} did not answer in {seconds} s.</source>
        <translation>{name} 在 {seconds} 秒内没有回答。</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有任何改动。</translation>
    </message>
    <message>
        <source>{name} did not finish.</source>
        <translation>{name} 没有写完。</translation>
    </message>
    <message>
        <source>{name} gave no text.</source>
        <translation>{name} 没有给出文字。</translation>
    </message>
    <message>
        <source>{name} answered instead.</source>
        <translation>{name} 作了回答，而没有修改。</translation>
    </message>
    <message>
        <source>{name} wrote much more than an edit.</source>
        <translation>{name} 写的远多于一次修改。</translation>
    </message>
    <message>
        <source>Here Intone cannot see what is selected.</source>
        <translation>在这里 Intone 看不到选中的内容。</translation>
    </message>
    <message>
        <source>Edited: {instruction}.</source>
        <translation>已编辑：{instruction}。</translation>
    </message>
    <message>
        <source>There is no last text that could be corrected.</source>
        <translation>没有可以更正的上一段文字。</translation>
    </message>
    <message>
        <source>Nothing in the last text sounds like “{said}”.</source>
        <translation>上一段文字里没有读音像“{said}”的词。</translation>
    </message>
    <message>
        <source>“{said}” was heard again.</source>
        <translation>又听成了“{said}”。</translation>
    </message>
    <message>
        <source>Add the word to the vocabulary, or type it.</source>
        <translation>请把这个词加入词汇表，或者直接键入。</translation>
    </message>
    <message>
        <source>Nothing is asked about the last text.</source>
        <translation>关于上一段文字，现在没有要回答的问题。</translation>
    </message>
    <message>
        <source>Several places in the last text are alike.</source>
        <translation>上一段文字里有几处读音相近。</translation>
    </message>
    <message>
        <source>A word was said again and replaced.</source>
        <translation>重说了一个词，已替换。</translation>
    </message>
    <message>
        <source>Nothing was said for {seconds} seconds.</source>
        <translation>{seconds} 秒内没有说话。</translation>
    </message>
    <message>
        <source>Intone listens no more.</source>
        <translation>Intone 已停止听写。</translation>
    </message>
    <message>
        <source>Intone listens no more: nothing was said for {minutes} minutes.</source>
        <translation>Intone 已停止听写：{minutes} 分钟内没有人说话。</translation>
    </message>
    <message>
        <source>Return was pressed.</source>
        <translation>已按下回车键。</translation>
    </message>
    <message>
        <source>This is a password field.</source>
        <translation>这是密码框。</translation>
    </message>
    <message>
        <source>Nothing was kept.</source>
        <translation>什么都没有保留。</translation>
    </message>
    <message>
        <source>What was said in the password field was not kept.</source>
        <translation>在密码框中说的内容没有保留。</translation>
    </message>
    <message>
        <source>The text was taken back.</source>
        <translation>文字已撤回。</translation>
    </message>
    <message>
        <source>Here Intone cannot see what it inserted.</source>
        <translation>在这里 Intone 看不到它输入的内容。</translation>
    </message>
    <message>
        <source>Here the cursor cannot be moved to its place in the text.</source>
        <translation>在这里无法把光标移到文字中的位置。</translation>
    </message>
    <message>
        <source>The text as it was spoken was put in its place.</source>
        <translation>已换成说的原话。</translation>
    </message>
    <message>
        <source>The text as it was before was put in its place.</source>
        <translation>已换回之前的文字。</translation>
    </message>
    <message>
        <source>Intone was stopped while this was on its way. It may be in the window already.</source>
        <translation>Intone 在送出这段文字时被终止，文字可能已经在窗口里。</translation>
    </message>
    <message>
        <source>Transcribed again.</source>
        <translation>已重新转写。</translation>
    </message>
    <message>
        <source>This could not be looked at ({kind}: {error}).</source>
        <translation>无法检查这一项（{kind}：{error}）。</translation>
    </message>
    <message>
        <source>Please report this with the line above.</source>
        <translation>请连同上面一行报告此问题。</translation>
    </message>
    <message>
        <source>The checks ended before they were done.</source>
        <translation>检查没有做完就结束了。</translation>
    </message>
    <message>
        <source>Run `intone doctor` in a terminal to see why.</source>
        <translation>在终端运行 `intone doctor` 查看原因。</translation>
    </message>
    <message>
        <source>Python {version}</source>
        <translation>Python {version}</translation>
    </message>
    <message>
        <source>System libraries that Qt&apos;s windows need are missing.</source>
        <translation>缺少 Qt 窗口所需的系统库。</translation>
    </message>
    <message>
        <source>Qt finds its libraries</source>
        <translation>Qt 需要的库都在</translation>
    </message>
    <message>
        <source>No screen is here: DISPLAY is not set.</source>
        <translation>这里没有屏幕：没有设置 DISPLAY。</translation>
    </message>
    <message>
        <source>Start Intone from your desktop session.</source>
        <translation>请从桌面会话中启动 Intone。</translation>
    </message>
    <message>
        <source>The X server at DISPLAY={name} does not let us in.</source>
        <translation>DISPLAY={name} 的 X 服务器不让我们进入。</translation>
    </message>
    <message>
        <source>Start Intone from your desktop session, as the user whose session it is.</source>
        <translation>请以会话所属的用户从桌面会话中启动 Intone。</translation>
    </message>
    <message>
        <source>X11 display {name}, {width} × {height}</source>
        <translation>X11 显示 {name}，{width} × {height}</translation>
    </message>
    <message>
        <source>Wayland without XWayland: the overlay is on the compositor&apos;s top layer</source>
        <translation>没有 XWayland 的 Wayland：浮窗在合成器的最上层</translation>
    </message>
    <message>
        <source>Wayland without XWayland: no overlay is shown, since it would take the focus. With XWayland there is one</source>
        <translation>没有 XWayland 的 Wayland：不显示浮窗，因为它会抢走焦点。有 XWayland 时会显示</translation>
    </message>
    <message>
        <source>XInput 2 hears {names}</source>
        <translation>XInput 2 可以听到 {names}</translation>
    </message>
    <message>
        <source>The desktop lends a key through its GlobalShortcuts portal</source>
        <translation>桌面通过 GlobalShortcuts 门户提供按键</translation>
    </message>
    <message>
        <source>The desktop gives {key} through its GlobalShortcuts portal</source>
        <translation>桌面通过它的 GlobalShortcuts 门户提供 {key}</translation>
    </message>
    <message>
        <source>No virtual machine or remote desktop has the same host key</source>
        <translation>没有虚拟机或远程桌面占用同一个按键</translation>
    </message>
    <message>
        <source>Languages do not go by the keyboard&apos;s layout: the settings name them</source>
        <translation>语言不随键盘布局变化：由设置指定</translation>
    </message>
    <message>
        <source>{source} tells the keyboard&apos;s layout: now {name}, which is {languages}</source>
        <translation>{source} 提供键盘布局：现在是 {name}，对应 {languages}</translation>
    </message>
    <message>
        <source>{source} tells the keyboard&apos;s layout: now {name}, with which any language goes</source>
        <translation>{source} 提供键盘布局：现在是 {name}，可用任何语言</translation>
    </message>
    <message>
        <source>The keyboard&apos;s layout is {name} ({source}), and its language is not known.</source>
        <translation>键盘布局是 {name}（{source}），不知道它对应哪种语言。</translation>
    </message>
    <message>
        <source>Name it: intone settings set recognizer.layouts {name}=en</source>
        <translation>请指定语言：intone settings set recognizer.layouts {name}=en</translation>
    </message>
    <message>
        <source>This desktop does not tell programs the keyboard&apos;s layout.</source>
        <translation>此桌面不向程序提供键盘布局。</translation>
    </message>
    <message>
        <source>The other languages of recognizer.language are expected, or any without one.</source>
        <translation>将按 recognizer.language 中的其他语言识别；没有其他语言时，任何语言都可以。</translation>
    </message>
    <message>
        <source>This X server has no XTEST, so text stays on the clipboard.</source>
        <translation>此 X 服务器没有 XTEST，文字留在剪贴板上。</translation>
    </message>
    <message>
        <source>Paste it with Ctrl+V.</source>
        <translation>请用 Ctrl+V 粘贴。</translation>
    </message>
    <message>
        <source>Nothing here presses keys for a program, so text stays on the clipboard.</source>
        <translation>这里没有办法替程序按键，文字留在剪贴板上。</translation>
    </message>
    <message>
        <source>Paste with Ctrl+V, or set up ydotool and its daemon.</source>
        <translation>请用 Ctrl+V 粘贴，或安装 ydotool 及其守护进程。</translation>
    </message>
    <message>
        <source>Keys by {backend}, the clipboard by {clipboard}, {source} names the window</source>
        <translation>按键通过 {backend}，剪贴板通过 {clipboard}，窗口由 {source} 告知</translation>
    </message>
    <message>
        <source>Keys by {backend}, the clipboard by {clipboard}, some windows are known by {source}</source>
        <translation>按键通过 {backend}，剪贴板通过 {clipboard}，部分窗口由 {source} 得知</translation>
    </message>
    <message>
        <source>Keys by {backend}, the clipboard by {clipboard}, the window is not known</source>
        <translation>按键通过 {backend}，剪贴板通过 {clipboard}，窗口未知</translation>
    </message>
    <message>
        <source>It is on: GTK, Qt and Firefox tell which field has the focus</source>
        <translation>已打开：GTK、Qt 和 Firefox 会告知哪个输入框有焦点</translation>
    </message>
    <message>
        <source>Switch it on by this command; programs may become a little slower. Chrome, Chromium and Electron programs name their fields only if they were also started with --force-renderer-accessibility.
{command}</source>
        <translation>请用这条命令打开它；程序可能会变慢一点。Chrome、Chromium 和 Electron 程序还必须用 --force-renderer-accessibility 启动，才会告知它们的输入框。
{command}</translation>
    </message>
    <message>
        <source>Not looked at: without XWayland the keys are the desktop&apos;s</source>
        <translation>未检查：没有 XWayland 时，按键由桌面管理</translation>
    </message>
    <message>
        <source>Accessibility is off, so that Intone does not know the password fields of Qt and Firefox: it writes into them as into any other.</source>
        <translation>无障碍功能已关闭，因此 Intone 认不出 Qt 和 Firefox 的密码框：它会像对其他输入框一样往里写。</translation>
    </message>
    <message>
        <source>Accessibility is off, so that Intone does not know the password fields of Qt and Firefox, nor their windows if they are not X11&apos;s: it writes into them as into any other.</source>
        <translation>无障碍功能已关闭，因此 Intone 认不出 Qt 和 Firefox 的密码框，也认不出它们不属于 X11 的窗口：它会像对其他输入框一样往里写。</translation>
    </message>
    <message>
        <source>Accessibility is off, so that Intone knows password fields only of GTK, and of programs that tell input methods about them: it writes into others as into any field.</source>
        <translation>无障碍功能已关闭，因此 Intone 只认得 GTK 的密码框，以及程序告知输入法的密码框：对其他密码框，它会像对任何输入框一样往里写。</translation>
    </message>
    <message>
        <source>There is no accessibility bus, so that Intone does not know password fields by it: it writes into them as into any other.</source>
        <translation>没有无障碍总线，因此 Intone 无法由它认出密码框：它会像对其他输入框一样往里写。</translation>
    </message>
    <message>
        <source>No session bus answers, so that Intone does not know password fields by accessibility: it writes into them as into any other.</source>
        <translation>没有会话总线应答，因此 Intone 无法由无障碍功能认出密码框：它会像对其他输入框一样往里写。</translation>
    </message>
    <message>
        <source>Texts go in by the input method; windows that know none need keys, which are not allowed yet</source>
        <translation>文字由输入法写入；不支持输入法的窗口需要按键，而按键尚未获得许可</translation>
    </message>
    <message>
        <source>Texts go in by the input method, without the clipboard, where a field has one</source>
        <translation>在有输入法的输入框中，文字由输入法写入，不经过剪贴板</translation>
    </message>
    <message>
        <source>None is here; texts go in by the clipboard</source>
        <translation>这里没有；文字经由剪贴板写入</translation>
    </message>
    <message>
        <source>None answers; texts go in by the clipboard</source>
        <translation>没有应答；文字经由剪贴板写入</translation>
    </message>
    <message>
        <source>None answers, or yours is more than a keyboard layout; texts go in by the clipboard</source>
        <translation>没有输入法应答，或者您的输入法不只是键盘布局；文本经由剪贴板放入</translation>
    </message>
    <message>
        <source>Switched off; texts go in by the clipboard</source>
        <translation>已关闭；文字经由剪贴板写入</translation>
    </message>
    <message>
        <source>No tray is here to show the icon.</source>
        <translation>这里没有可显示图标的托盘。</translation>
    </message>
    <message>
        <source>In GNOME: {command}. Elsewhere add a tray to the panel.</source>
        <translation>在 GNOME 中：{command}。其他桌面请在面板上添加托盘。</translation>
    </message>
    <message>
        <source>A StatusNotifier host shows the icon</source>
        <translation>图标由 StatusNotifier 托盘显示</translation>
    </message>
    <message>
        <source>An X11 tray shows the icon</source>
        <translation>图标由 X11 托盘显示</translation>
    </message>
    <message>
        <source>ALSA cannot reach the sound server.</source>
        <translation>ALSA 连不上声音服务器。</translation>
    </message>
    <message>
        <source>ALSA has its pulse plugin</source>
        <translation>ALSA 的 pulse 插件已安装</translation>
    </message>
    <message>
        <source>The sound server cannot be asked for its microphones.</source>
        <translation>无法向声音服务器询问麦克风。</translation>
    </message>
    <message>
        <source>No sound server answers.</source>
        <translation>没有声音服务器回应。</translation>
    </message>
    <message>
        <source>PulseAudio or PipeWire answers</source>
        <translation>PulseAudio 或 PipeWire 有响应</translation>
    </message>
    <message>
        <source>PulseAudio or PipeWire at {address}</source>
        <translation>PulseAudio 或 PipeWire 位于 {address}</translation>
    </message>
    <message>
        <source>Off: programs in a call hear your dictations</source>
        <translation>已关闭：通话中的程序会听到您的听写</translation>
    </message>
    <message>
        <source>Programs in a call can be muted while you dictate</source>
        <translation>您听写时，可以让通话中的程序听不到</translation>
    </message>
    <message>
        <source>You are not muted in calls: no sound server on this machine answers.</source>
        <translation>您在通话中未静音：这台机器上没有声音服务器应答。</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>没有麦克风。</translation>
    </message>
    <message>
        <source>Plug one in, then look at: intone devices.</source>
        <translation>请插入一个麦克风，然后查看：intone devices。</translation>
    </message>
    <message>
        <source>{name}, one of {count}</source>
        <translation>{name}，共 {count} 个</translation>
    </message>
    <message>
        <source>No speech model is installed.</source>
        <translation>没有安装语音模型。</translation>
    </message>
    <message>
        <source>Installed: {names}</source>
        <translation>已安装：{names}</translation>
    </message>
    <message>
        <source>Not in use: a service transcribes</source>
        <translation>未使用：由服务转写</translation>
    </message>
    <message>
        <source>The settings name {name}.</source>
        <translation>设置中指定了 {name}。</translation>
    </message>
    <message>
        <source>Installed: {name}, at {folder}</source>
        <translation>已安装：{name}，位于 {folder}</translation>
    </message>
    <message>
        <source>None is asked for</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Another server is asked: {url}</source>
        <translation>使用另一台服务器：{url}</translation>
    </message>
    <message>
        <source>No NVIDIA card is used on {machine}: the processor transcribes</source>
        <translation>{machine} 上不使用 NVIDIA 显卡：由处理器转写</translation>
    </message>
    <message>
        <source>No NVIDIA driver runs: the processor transcribes</source>
        <translation>没有运行 NVIDIA 驱动：由处理器转写</translation>
    </message>
    <message>
        <source>The NVIDIA card is not used: {reason}.</source>
        <translation>没有使用 NVIDIA 显卡：{reason}。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s driver and cuBLAS are here</source>
        <translation>NVIDIA 驱动和 cuBLAS 已就绪</translation>
    </message>
    <message>
        <source>Mend it in {path}.</source>
        <translation>请在 {path} 中修正。</translation>
    </message>
    <message>
        <source>All of the file is in force</source>
        <translation>文件中的所有设置均有效</translation>
    </message>
    <message>
        <source>{words} words, {replacements} replacements, {snippets} snippets</source>
        <translation>{words} 个词、{replacements} 条替换、{snippets} 条短语</translation>
    </message>
    <message>
        <source>Mend it in {folder}; the rest is in force.</source>
        <translation>请在 {folder} 中修正；其余设置有效。</translation>
    </message>
    <message>
        <source>In force: {names}</source>
        <translation>已生效：{names}</translation>
    </message>
    <message>
        <source>There are none</source>
        <translation>没有</translation>
    </message>
    <message>
        <source>Other users of this machine may read {paths}: the modes cannot be changed.</source>
        <translation>这台电脑的其他用户可能可以读取 {paths}：无法更改其权限。</translation>
    </message>
    <message>
        <source>Check who owns them, or set INTONE_HOME to a folder on a disk that keeps modes; on vfat there are none.</source>
        <translation>请检查它们属于谁，或把 INTONE_HOME 设为保留权限的磁盘上的文件夹；vfat 没有权限。</translation>
    </message>
    <message>
        <source>Other users of this machine may read {paths}, and more: the modes cannot be changed.</source>
        <translation>本机的其他用户可以读取 {paths} 等文件：无法更改权限。</translation>
    </message>
    <message>
        <source>Other users of this machine can read none of it</source>
        <translation>这台电脑的其他用户都无法读取</translation>
    </message>
    <message>
        <source>What is kept is not encrypted yet.</source>
        <translation>保存的内容尚未加密。</translation>
    </message>
    <message>
        <source>Open the keyring, then start Intone anew.</source>
        <translation>请打开密钥环，然后重新启动 Intone。</translation>
    </message>
    <message>
        <source>What is kept is not encrypted</source>
        <translation>保存的内容没有加密</translation>
    </message>
    <message>
        <source>On, and its key is in the keyring</source>
        <translation>已开启，密钥在密钥环中</translation>
    </message>
    <message>
        <source>Intone decrypts what is kept when it runs</source>
        <translation>Intone 运行时会解密保存的内容</translation>
    </message>
    <message>
        <source>Only {free} MB are free at {folder}.</source>
        <translation>{folder} 只剩 {free} MB 可用空间。</translation>
    </message>
    <message>
        <source>Free {needed} MB there.</source>
        <translation>请在那里腾出 {needed} MB。</translation>
    </message>
    <message>
        <source>{free} GB free at {folder}</source>
        <translation>{folder} 可用空间 {free} GB</translation>
    </message>
    <message>
        <source>Intone is not running; start it with: intone</source>
        <translation>Intone 没有运行，启动命令：intone</translation>
    </message>
    <message>
        <source>Intone runs and is not ready yet.</source>
        <translation>Intone 在运行，还没有就绪。</translation>
    </message>
    <message>
        <source>Mend what is named above; a model may be on its way.</source>
        <translation>请处理上面列出的问题；模型可能正在下载。</translation>
    </message>
    <message>
        <source>Intone runs and is ready</source>
        <translation>Intone 正在运行，已就绪</translation>
    </message>
    <message>
        <source>Intone runs and is ready. {note}</source>
        <translation>Intone 正在运行，已就绪。{note}</translation>
    </message>
    <message>
        <source>The settings use no service, so nothing leaves this machine.</source>
        <translation>设置中没有使用任何服务，因此没有任何内容离开本机。</translation>
    </message>
    <message>
        <source>Name one: intone doctor --network openai</source>
        <translation>请指定一个：intone doctor --network openai</translation>
    </message>
    <message>
        <source>upgrade</source>
        <translation>升级</translation>
    </message>
    <message>
        <source>first byte</source>
        <translation>首字节</translation>
    </message>
    <message>
        <source>total</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保持的连接</translation>
    </message>
    <message>
        <source>kept, a ping</source>
        <translation>保持的连接，ping</translation>
    </message>
    <message>
        <source>{name}: {way}; the key is in {place}.</source>
        <translation>{name}：{way}；密钥在 {place}。</translation>
    </message>
    <message>
        <source>{name}: {way}; the key is not set.</source>
        <translation>{name}：{way}；密钥未设置。</translation>
    </message>
    <message>
        <source>{host}, {version}, certificate by {issuer}</source>
        <translation>{host}，{version}，证书由 {issuer} 颁发</translation>
    </message>
    <message>
        <source>{way}, through the proxy {proxy}</source>
        <translation>{way}，通过代理 {proxy}</translation>
    </message>
    <message>
        <source>status page: {description}</source>
        <translation>状态页：{description}</translation>
    </message>
    <message>
        <source>It did not answer in time.</source>
        <translation>没有及时回答。</translation>
    </message>
    <message>
        <source>The status page gave an answer that makes no sense.</source>
        <translation>状态页的回答无法理解。</translation>
    </message>
    <message>
        <source>upload: {rate} Mbit/s, by {seconds} s of noise</source>
        <translation>上传：{rate} Mbit/s，用 {seconds} 秒噪声测得</translation>
    </message>
    <message>
        <source>upload: at least {rate} Mbit/s, by {seconds} s of noise</source>
        <translation>上传：至少 {rate} Mbit/s，用 {seconds} 秒噪声测得</translation>
    </message>
    <message>
        <source>upload: not measured; --upload sends {seconds} s of noise, which costs what speech does</source>
        <translation>上传：没有测量；--upload 会发送 {seconds} 秒噪声，费用与语音相同</translation>
    </message>
    <message>
        <source>it says: {headers}</source>
        <translation>它的说明：{headers}</translation>
    </message>
    <message>
        <source>this computer&apos;s clock is {seconds} s ahead</source>
        <translation>这台电脑的时钟快了 {seconds} 秒</translation>
    </message>
    <message>
        <source>this computer&apos;s clock is {seconds} s behind</source>
        <translation>这台电脑的时钟慢了 {seconds} 秒</translation>
    </message>
    <message>
        <source>{name} {count} tokens</source>
        <translation>{name} {count} 个词元</translation>
    </message>
    <message>
        <source>Prompts: {counts}.</source>
        <translation>提示词：{counts}。</translation>
    </message>
    <message>
        <source>It is your network: {problem}</source>
        <translation>问题在您的网络：{problem}</translation>
    </message>
    <message>
        <source>It is their service: {problem}</source>
        <translation>问题在对方的服务：{problem}</translation>
    </message>
    <message>
        <source>It is your account: {problem}</source>
        <translation>问题在您的账户：{problem}</translation>
    </message>
    <message>
        <source>It is the settings: {problem}</source>
        <translation>问题在设置：{problem}</translation>
    </message>
    <message>
        <source>It is your network: this computer&apos;s clock is {seconds} s ahead.</source>
        <translation>问题在您的网络：这台电脑的时钟快了 {seconds} 秒。</translation>
    </message>
    <message>
        <source>Have it set by the network.</source>
        <translation>请让网络来校准时钟。</translation>
    </message>
    <message>
        <source>It is your network: this computer&apos;s clock is {seconds} s behind.</source>
        <translation>问题在您的网络：这台电脑的时钟慢了 {seconds} 秒。</translation>
    </message>
    <message>
        <source>It is your network: looking {host} up took {time} ms.</source>
        <translation>问题在您的网络：查找 {host} 用了 {time} 毫秒。</translation>
    </message>
    <message>
        <source>Use another DNS server, or one that remembers.</source>
        <translation>请换用别的 DNS 服务器，或带缓存的 DNS 服务器。</translation>
    </message>
    <message>
        <source>It is your network: {count} of the addresses of {host} did not answer before one did.</source>
        <translation>问题在您的网络：{host} 的地址中有 {count} 个在有一个回答之前没有回答。</translation>
    </message>
    <message>
        <source>Mostly that is IPv6: have it mended, or turn it off.</source>
        <translation>多半是 IPv6：请修好或关闭它。</translation>
    </message>
    <message>
        <source>It is your network: a round trip to {host} takes {time} ms.</source>
        <translation>问题在您的网络：到 {host} 往返一次要 {time} 毫秒。</translation>
    </message>
    <message>
        <source>It is far, or the network is poor: try a cable, no VPN, or a server that is nearer.</source>
        <translation>距离太远，或网络不好：请试试网线、不用 VPN，或换更近的服务器。</translation>
    </message>
    <message>
        <source>It is your network: agreeing on the encryption with {host} took {time} ms.</source>
        <translation>问题在您的网络：与 {host} 协商加密用了 {time} 毫秒。</translation>
    </message>
    <message>
        <source>It is far, or a proxy, a VPN or a virus scanner is in between: try without.</source>
        <translation>距离太远，或中间有代理、VPN 或杀毒软件：请试试不用它们。</translation>
    </message>
    <message>
        <source>It is your network: something in between speaks HTTP/1.1 in place of {host}.</source>
        <translation>问题在您的网络：中间有东西代替 {host} 用 HTTP/1.1 通信。</translation>
    </message>
    <message>
        <source>Have the proxy or virus scanner let this host through.</source>
        <translation>请让代理或杀毒软件放行这个主机。</translation>
    </message>
    <message>
        <source>It is your network: something in between speaks HTTP/1.1 in place of {host}, with a certificate of {issuer}.</source>
        <translation>问题在您的网络：中间有东西代替 {host} 用 HTTP/1.1 通信，并使用 {issuer} 的证书。</translation>
    </message>
    <message>
        <source>It is your network: the upload runs at {rate} kbit/s, too slow to keep up with speech.</source>
        <translation>问题在您的网络：上传速度为 {rate} kbit/s，太慢，跟不上语音。</translation>
    </message>
    <message>
        <source>Use the local engine here.</source>
        <translation>在这里请使用本地引擎。</translation>
    </message>
    <message>
        <source>It is your account: of its limit on {limits} nothing is left.</source>
        <translation>问题在您的账户：{limits} 的额度已用完。</translation>
    </message>
    <message>
        <source>Wait, or have {service} raise it.</source>
        <translation>请等待，或请 {service} 提高额度。</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} 和 {second}</translation>
    </message>
    <message>
        <source>It is their service: {service} is in trouble. {service} says of itself: {description}.</source>
        <translation>问题在对方的服务：{service} 出了问题。{service} 自己的说明：{description}。</translation>
    </message>
    <message>
        <source>Use another engine until it is over.</source>
        <translation>在恢复之前请用别的引擎。</translation>
    </message>
    <message>
        <source>It is your network: {host} took {time} ms to answer what needs no work, and the way there and back {round_trip} ms, but it says that it worked for {processing} ms.</source>
        <translation>问题在您的网络：{host} 回答无需处理的请求用了 {time} 毫秒，往返用了 {round_trip} 毫秒，但它说处理了 {processing} 毫秒。</translation>
    </message>
    <message>
        <source>Something in between holds answers back: a proxy, a VPN or a virus scanner.</source>
        <translation>中间有东西拖住了回答：代理、VPN 或杀毒软件。</translation>
    </message>
    <message>
        <source>It is their service: {host} took {time} ms to answer what needs no work, and the way there and back {round_trip} ms.</source>
        <translation>问题在对方的服务：{host} 回答无需处理的请求用了 {time} 毫秒，往返用了 {round_trip} 毫秒。</translation>
    </message>
    <message>
        <source>Wait, or use another engine or model.</source>
        <translation>请等待，或换用别的引擎或模型。</translation>
    </message>
    <message>
        <source>It is their service: {host} took {time} ms to answer what needs no work, and the way there and back {round_trip} ms. {service} says of itself: {description}.</source>
        <translation>问题在对方的服务：{host} 回答无需处理的请求用了 {time} 毫秒，往返用了 {round_trip} 毫秒。{service} 自己的说明：{description}。</translation>
    </message>
    <message>
        <source>The rest is this app: the prompts have {count} tokens, which are read at every dictation.</source>
        <translation>其余是本应用：提示词有 {count} 个词元，每次听写都要读取。</translation>
    </message>
    <message>
        <source>Shorten them.</source>
        <translation>请缩短它们。</translation>
    </message>
    <message>
        <source>The rest is this app: {host} answers.</source>
        <translation>其余是本应用：{host} 有回答。</translation>
    </message>
    <message>
        <source>`intone bench cloud` shows what is waited for beyond that.</source>
        <translation>`intone bench cloud` 显示除此之外在等什么。</translation>
    </message>
    <message>
        <source>The rest is this app: {host} answers in {time} ms on a kept connection.</source>
        <translation>其余是本应用：{host} 在保持的连接上 {time} 毫秒内回答。</translation>
    </message>
    <message>
        <source>Nothing was kept. {remedy}</source>
        <translation>什么都没有保留。{remedy}</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>Intone is not running.</source>
        <translation>Intone 没有在运行。</translation>
    </message>
    <message>
        <source>Start it with `intone`.</source>
        <translation>请用 `intone` 启动它。</translation>
    </message>
    <message>
        <source>Intone runs but does not answer.</source>
        <translation>Intone 在运行但没有回应。</translation>
    </message>
    <message>
        <source>Quit it from its tray icon and start it again.</source>
        <translation>请从托盘图标退出并重新启动。</translation>
    </message>
    <message>
        <source>Intone went away before it answered.</source>
        <translation>Intone 在回应之前退出了。</translation>
    </message>
    <message>
        <source>Start it again with `intone`.</source>
        <translation>用 `intone` 重新启动。</translation>
    </message>
    <message>
        <source>Intone is already running, in another session.</source>
        <translation>Intone 已在另一个会话中运行。</translation>
    </message>
    <message>
        <source>Quit it there, or start this one with that session&apos;s XDG_RUNTIME_DIR.</source>
        <translation>请在那里退出它，或使用那个会话的 XDG_RUNTIME_DIR 启动。</translation>
    </message>
    <message>
        <source>Intone was asked for something it does not know. It knows {commands}.</source>
        <translation>Intone 不认识这个请求。它认识 {commands}。</translation>
    </message>
    <message>
        <source>Intone could not do `{command}`. Its log says why.</source>
        <translation>Intone 无法执行 `{command}`，日志中有原因。</translation>
    </message>
    <message>
        <source>Intone cannot use {folder} ({reason}).</source>
        <translation>Intone 无法使用 {folder}（{reason}）。</translation>
    </message>
    <message>
        <source>Set XDG_RUNTIME_DIR to a folder of your own with a short path.</source>
        <translation>请把 XDG_RUNTIME_DIR 设为您自己的、路径较短的文件夹。</translation>
    </message>
    <message>
        <source>Check that the folder is yours and that its disk has room.</source>
        <translation>请检查该文件夹是否归您所有，以及磁盘是否有空间。</translation>
    </message>
    <message>
        <source>The log {path} cannot be written ({reason}).</source>
        <translation>无法写入日志 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>Check its folder and the disk.</source>
        <translation>请检查它的文件夹和磁盘。</translation>
    </message>
    <message>
        <source>Another entry starts Intone with the session.</source>
        <translation>已有另一个启动项会在登录时启动 Intone。</translation>
    </message>
    <message>
        <source>It was not made here. Remove {path}.</source>
        <translation>它不是在这里创建的。请删除 {path}。</translation>
    </message>
    <message>
        <source>Intone cannot be made to start with the session.</source>
        <translation>无法让 Intone 在登录时启动。</translation>
    </message>
    <message>
        <source>The system refused</source>
        <translation>系统拒绝了</translation>
    </message>
    <message>
        <source>This build cannot be added to: install Intone&apos;s Debian package and intone-{extra}, or use uv.</source>
        <translation>这个版本不能添加组件：请安装 Intone 的 Debian 软件包和 intone-{extra}，或使用 uv。</translation>
    </message>
    <message>
        <source>Install the package intone-{extra}, which is made for this one.</source>
        <translation>请安装与此软件包配套的 intone-{extra}。</translation>
    </message>
    <message>
        <source>Install it with `make {extra}`, or `pip install intone[{extra}]`.</source>
        <translation>请用 `make {extra}` 或 `pip install intone[{extra}]` 安装。</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}.</source>
        <translation>无法读取 {file}：{reason}。</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}).</source>
        <translation>无法读取 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>Check who owns it.</source>
        <translation>请检查它的所有者。</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}).</source>
        <translation>无法写入 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>请换一个位置。</translation>
    </message>
    <message>
        <source>There is no display for Intone&apos;s windows.</source>
        <translation>没有可显示 Intone 窗口的屏幕。</translation>
    </message>
    <message>
        <source>Start it from a desktop session.</source>
        <translation>请在桌面会话中启动它。</translation>
    </message>
    <message>
        <source>The display does not answer.</source>
        <translation>显示服务没有回应。</translation>
    </message>
    <message>
        <source>Check DISPLAY and whether you may use it.</source>
        <translation>请检查 DISPLAY，以及您是否有权使用它。</translation>
    </message>
    <message>
        <source>Intone&apos;s windows cannot be loaded: {reason}.</source>
        <translation>无法加载 Intone 的窗口：{reason}。</translation>
    </message>
    <message>
        <source>`intone doctor` says what is missing.</source>
        <translation>`intone doctor` 会说明缺少什么。</translation>
    </message>
    <message>
        <source>The history cannot be encrypted or decrypted here.</source>
        <translation>历史在这里无法加密或解密。</translation>
    </message>
    <message>
        <source>SQLCipher is not made for this machine. Encrypt the disk instead.</source>
        <translation>没有适用于这台机器的 SQLCipher。请改为加密磁盘。</translation>
    </message>
    <message>
        <source>{path} does not say how the history is encrypted.</source>
        <translation>{path} 没有说明历史是如何加密的。</translation>
    </message>
    <message>
        <source>Copy it back from a backup, or remove it: the keyring&apos;s key is then tried.</source>
        <translation>请从备份中复制回来，或将其删除：之后会试用密钥环中的密钥。</translation>
    </message>
    <message>
        <source>The history is encrypted, and its keyring is not open yet.</source>
        <translation>历史已加密，而它的密钥环尚未打开。</translation>
    </message>
    <message>
        <source>Open it; what you say meanwhile is kept then.</source>
        <translation>请打开密钥环；在此期间说的内容会在打开后保存。</translation>
    </message>
    <message>
        <source>Nothing was kept; open it, then say it again.</source>
        <translation>什么都没有保留；请打开密钥环，然后再说一次。</translation>
    </message>
    <message>
        <source>Open it, then try again.</source>
        <translation>请打开它，然后重试。</translation>
    </message>
    <message>
        <source>The history is encrypted, and its key cannot be had.</source>
        <translation>历史已加密，而它的密钥无法取得。</translation>
    </message>
    <message>
        <source>The history is encrypted, and its key is not in the keyring.</source>
        <translation>历史已加密，而它的密钥不在密钥环中。</translation>
    </message>
    <message>
        <source>Open the keyring that was in use when it was encrypted; if that is lost, move history.sealed.db and history.seal away to begin a new history.</source>
        <translation>请打开加密时所用的密钥环；如果它已丢失，请移走 history.sealed.db 和 history.seal，以便开始新的历史。</translation>
    </message>
    <message>
        <source>The history is encrypted, and the keyring has another key.</source>
        <translation>历史已加密，而密钥环中是另一把密钥。</translation>
    </message>
    <message>
        <source>The keyring has no key under intone/history, but something else.</source>
        <translation>密钥环的 intone/history 下不是密钥，而是别的内容。</translation>
    </message>
    <message>
        <source>The recording could not be kept.</source>
        <translation>录音无法保留。</translation>
    </message>
    <message>
        <source>Make room on the disk.</source>
        <translation>请在磁盘上腾出空间。</translation>
    </message>
    <message>
        <source>The recording is damaged.</source>
        <translation>录音已损坏。</translation>
    </message>
    <message>
        <source>Its text is still in the history.</source>
        <translation>它的文字仍在历史中。</translation>
    </message>
    <message>
        <source>The history {path} was written by a newer Intone.</source>
        <translation>历史 {path} 由更新的 Intone 写成。</translation>
    </message>
    <message>
        <source>Update Intone, or move the file away to begin a new history.</source>
        <translation>请更新 Intone，或移走文件以开始新的历史。</translation>
    </message>
    <message>
        <source>The history {path} cannot be used ({reason}).</source>
        <translation>无法使用历史 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>{path} cannot be used ({reason}).</source>
        <translation>无法使用 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>The disk is full, so the history cannot be written.</source>
        <translation>磁盘已满，无法写入历史。</translation>
    </message>
    <message>
        <source>Make some room on it.</source>
        <translation>请腾出一些空间。</translation>
    </message>
    <message>
        <source>Another program holds the history.</source>
        <translation>另一个程序占用了历史。</translation>
    </message>
    <message>
        <source>The history {path} is damaged.</source>
        <translation>历史 {path} 已损坏。</translation>
    </message>
    <message>
        <source>Start Intone anew: it keeps the file aside and begins another.</source>
        <translation>请重新启动 Intone：它会另存该文件，并开始新的一份。</translation>
    </message>
    <message>
        <source>The history was damaged, and a new one was begun. The old one is kept as {names}.</source>
        <translation>历史记录已损坏，已开始新的一份。旧的保留为 {names}。</translation>
    </message>
    <message>
        <source>What could be read of it is in the new one.</source>
        <translation>其中还能读出的内容都在新的历史记录里。</translation>
    </message>
    <message>
        <source>The history was damaged, and a new one was begun.</source>
        <translation>历史记录已损坏，已开始新的一份。</translation>
    </message>
    <message>
        <source>The old one was deleted with everything else.</source>
        <translation>旧的已与其他内容一并删除。</translation>
    </message>
    <message>
        <source>{path} cannot be moved ({reason}).</source>
        <translation>无法移动 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>Move it away yourself.</source>
        <translation>请自行将它移走。</translation>
    </message>
    <message>
        <source>The history is encrypted, and the key in the keyring does not open it.</source>
        <translation>历史已加密，密钥环中的密钥打不开它。</translation>
    </message>
    <message>
        <source>The history could not be copied ({reason}).</source>
        <translation>无法复制历史（{reason}）。</translation>
    </message>
    <message>
        <source>Nothing was changed; make room on the disk, then start Intone anew.</source>
        <translation>没有任何改动；请在磁盘上腾出空间，然后重新启动 Intone。</translation>
    </message>
    <message>
        <source>Not every dictation could be copied.</source>
        <translation>有的听写没能复制过去。</translation>
    </message>
    <message>
        <source>Nothing was changed; export the history, then try again.</source>
        <translation>没有任何改动；请先导出历史，然后重试。</translation>
    </message>
    <message>
        <source>Not all of dictation {id} can be read any more.</source>
        <translation>第 {id} 条听写已无法完整读取。</translation>
    </message>
    <message>
        <source>The list of the history shows what can be, and an export has it.</source>
        <translation>历史列表会显示能读取的部分，导出中也会包含它。</translation>
    </message>
    <message>
        <source>There is no emotion {label}.</source>
        <translation>没有语气 {label}。</translation>
    </message>
    <message>
        <source>Choose one of {labels}.</source>
        <translation>请选择 {labels} 之一。</translation>
    </message>
    <message>
        <source>A recording in {folder} cannot be deleted ({reason}).</source>
        <translation>无法删除 {folder} 中的一段录音（{reason}）。</translation>
    </message>
    <message>
        <source>Quit Intone, then delete it there.</source>
        <translation>请退出 Intone，然后在那里删除它。</translation>
    </message>
    <message>
        <source>The history cannot be exported as {name}.</source>
        <translation>历史无法导出为 {name}。</translation>
    </message>
    <message>
        <source>Give the file a name that ends in one of {formats}.</source>
        <translation>请使用以 {formats} 之一结尾的文件名。</translation>
    </message>
    <message>
        <source>A history cannot be read from {name}.</source>
        <translation>无法从 {name} 读取历史。</translation>
    </message>
    <message>
        <source>Give a file in {formats}.</source>
        <translation>请给出 {formats} 格式的文件。</translation>
    </message>
    <message>
        <source>Check its name and who owns it.</source>
        <translation>请检查文件名和所有者。</translation>
    </message>
    <message>
        <source>{name} has no dictation: line {line}: {reason}</source>
        <translation>{name} 中没有听写：第 {line} 行：{reason}</translation>
    </message>
    <message>
        <source>{field}: {reason}</source>
        <translation>{field}：{reason}</translation>
    </message>
    <message>
        <source>it is no object</source>
        <translation>它不是对象</translation>
    </message>
    <message>
        <source>it is no JSON ({reason} at {column})</source>
        <translation>它不是 JSON（第 {column} 列：{reason}）</translation>
    </message>
    <message>
        <source>it is no UTF-8</source>
        <translation>它不是 UTF-8</translation>
    </message>
    <message>
        <source>it has too much inside of each other</source>
        <translation>它的嵌套层数太多</translation>
    </message>
    <message>
        <source>it is no row of a table ({reason})</source>
        <translation>它不是表格的一行（{reason}）</translation>
    </message>
    <message>
        <source>it has {count} fields, the first line {expected}</source>
        <translation>它有 {count} 个字段，而第一行有 {expected} 个</translation>
    </message>
    <message>
        <source>a duration is no number, or too long</source>
        <translation>有一个时长不是数字，或太长</translation>
    </message>
    <message>
        <source>it is missing</source>
        <translation>缺少该字段</translation>
    </message>
    <message>
        <source>it is no text</source>
        <translation>它不是文本</translation>
    </message>
    <message>
        <source>it is no number</source>
        <translation>它不是数字</translation>
    </message>
    <message>
        <source>it is neither true nor false</source>
        <translation>它不是 true 或 false</translation>
    </message>
    <message>
        <source>it is no date with a time</source>
        <translation>它不是带时间的日期</translation>
    </message>
    <message>
        <source>it is no list</source>
        <translation>它不是列表</translation>
    </message>
    <message>
        <source>it needs an offset such as +01:00</source>
        <translation>它需要时区偏移，例如 +01:00</translation>
    </message>
    <message>
        <source>choose {choices}</source>
        <translation>请选择 {choices}</translation>
    </message>
    <message>
        <source>there is no such emotion</source>
        <translation>没有这种情绪</translation>
    </message>
    <message>
        <source>it is not from {first} to {last}</source>
        <translation>它不在 {first} 年至 {last} 年之间</translation>
    </message>
    <message>
        <source>The history could not be written when this was said, so there is no recording.</source>
        <translation>说这段话时无法写入历史记录，因此没有录音。</translation>
    </message>
    <message>
        <source>The history was damaged, and the words of this recording are gone. Transcribe it again.</source>
        <translation>历史记录曾损坏，这段录音的文字已丢失。请重新转写。</translation>
    </message>
    <message>
        <source>Not all of this dictation can be read any more.</source>
        <translation>这条听写已无法完整读取。</translation>
    </message>
    <message>
        <source>Left {key}</source>
        <translation>左 {key}</translation>
    </message>
    <message>
        <source>Right {key}</source>
        <translation>右 {key}</translation>
    </message>
    <message>
        <source>Middle Button</source>
        <translation>鼠标中键</translation>
    </message>
    <message>
        <source>Back Button</source>
        <translation>鼠标后退键</translation>
    </message>
    <message>
        <source>Forward Button</source>
        <translation>鼠标前进键</translation>
    </message>
    <message>
        <source>Button {key}</source>
        <translation>鼠标按键 {key}</translation>
    </message>
    <message>
        <source>“{name}” cannot be held in a chord.</source>
        <translation>组合键中不能按住“{name}”。</translation>
    </message>
    <message>
        <source>A chord may hold ctrl, alt, shift and super.</source>
        <translation>组合键可以按住 ctrl、alt、shift 和 super。</translation>
    </message>
    <message>
        <source>“{name}” does not say which {label} key is meant.</source>
        <translation>“{name}”没有说明是哪一个 {label} 键。</translation>
    </message>
    <message>
        <source>Write {modifier}_l for the left or {modifier}_r for the right.</source>
        <translation>左边的写 {modifier}_l，右边的写 {modifier}_r。</translation>
    </message>
    <message>
        <source>“{name}” is needed in every window.</source>
        <translation>“{name}”在每个窗口中都要用到。</translation>
    </message>
    <message>
        <source>Use another one, for example button8, which is Back on most mice.</source>
        <translation>请用别的，例如 button8，多数鼠标上是后退键。</translation>
    </message>
    <message>
        <source>There is no key named “{name}”.</source>
        <translation>没有名为“{name}”的键。</translation>
    </message>
    <message>
        <source>Name a key like ctrl_r, f9 or pause, or a chord like ctrl+alt+space.</source>
        <translation>请写 ctrl_r、f9 或 pause 这样的键，或 ctrl+alt+space 这样的组合键。</translation>
    </message>
    <message>
        <source>“{name}” ends in a modifier.</source>
        <translation>“{name}”以修饰键结尾。</translation>
    </message>
    <message>
        <source>Use one modifier by itself, or end the chord in another key.</source>
        <translation>请单独使用一个修饰键，或以别的键结束组合键。</translation>
    </message>
    <message>
        <source>“{name}” is needed for typing.</source>
        <translation>“{name}”是打字要用的。</translation>
    </message>
    <message>
        <source>Hold ctrl, alt or super with it, for example ctrl+alt+{key}.</source>
        <translation>请同时按住 ctrl、alt 或 super，例如 ctrl+alt+{key}。</translation>
    </message>
    <message>
        <source>{key} is pressed to put text into windows, so it cannot {action}.</source>
        <translation>{key} 用于把文字放进窗口，所以不能{action}。</translation>
    </message>
    <message>
        <source>Choose another key.</source>
        <translation>请选择别的键。</translation>
    </message>
    <message>
        <source>{key} cannot cancel.</source>
        <translation>{key} 不能用于取消。</translation>
    </message>
    <message>
        <source>Choose one key without others, for example esc.</source>
        <translation>请选择单独一个键，例如 esc。</translation>
    </message>
    <message>
        <source>{key} by itself is part of every shortcut, so it cannot {action}.</source>
        <translation>{key} 单独使用时属于每个快捷键，所以不能{action}。</translation>
    </message>
    <message>
        <source>Choose another key, or keys together, for example ctrl+alt+v.</source>
        <translation>请选择别的键或组合键，例如 ctrl+alt+v。</translation>
    </message>
    <message>
        <source>{key} cannot both {first} and {second}.</source>
        <translation>{key} 不能既{first}又{second}。</translation>
    </message>
    <message>
        <source>Choose another key for one of the two.</source>
        <translation>请为其中之一选择别的键。</translation>
    </message>
    <message>
        <source>{key} talks as soon as it is pressed, so {chord} never would.</source>
        <translation>{key} 一按就开始说话，{chord} 就永远不会生效。</translation>
    </message>
    <message>
        <source>Choose a key without {modifier} for one of the two.</source>
        <translation>请为其中之一选择不含 {modifier} 的键。</translation>
    </message>
    <message>
        <source>talk</source>
        <translation>说话</translation>
    </message>
    <message>
        <source>send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>edit</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>say a word again</source>
        <translation>重说一个词</translation>
    </message>
    <message>
        <source>change the language</source>
        <translation>切换语言</translation>
    </message>
    <message>
        <source>paste again</source>
        <translation>再次粘贴</translation>
    </message>
    <message>
        <source>undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>swap</source>
        <translation>互换</translation>
    </message>
    <message>
        <source>find a dictation</source>
        <translation>查找听写</translation>
    </message>
    <message>
        <source>turn expression off and on</source>
        <translation>开关表情检测</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{key} is taken by another program.</source>
        <translation>{key} 已被其他程序占用。</translation>
    </message>
    <message>
        <source>Free it there, or choose another one in the settings.</source>
        <translation>请在那里释放，或在设置中选择别的。</translation>
    </message>
    <message>
        <source>This keyboard has no {key} key.</source>
        <translation>这个键盘没有 {key} 键。</translation>
    </message>
    <message>
        <source>Choose another one in the settings, for example {suggestion} ({name}).</source>
        <translation>请在设置中选择别的，例如 {suggestion}（{name}）。</translation>
    </message>
    <message>
        <source>Keyboards for this system have no {key} key.</source>
        <translation>此系统的键盘没有 {key} 键。</translation>
    </message>
    <message>
        <source>Choose another one in the settings, for example Right Alt (alt_r) or F9 (f9).</source>
        <translation>请在设置中选择别的，例如右 Alt（alt_r）或 F9（f9）。</translation>
    </message>
    <message>
        <source>Intone does not hear the mouse on this system.</source>
        <translation>在此系统上 Intone 听不到鼠标。</translation>
    </message>
    <message>
        <source>Choose a key in the settings.</source>
        <translation>请在设置中选择一个键。</translation>
    </message>
    <message>
        <source>{key} lets go of the keyboard in {program}, which runs.</source>
        <translation>{key} 会在正在运行的 {program} 中释放键盘。</translation>
    </message>
    <message>
        <source>Choose another key in the settings, for example {suggestion} ({name}), or another one there.</source>
        <translation>请在设置中选择别的键，例如 {suggestion}（{name}），或在那边换一个。</translation>
    </message>
    <message>
        <source>Something went wrong, and no key is heard any more.</source>
        <translation>出了问题，已听不到任何按键。</translation>
    </message>
    <message>
        <source>Start Intone again.</source>
        <translation>请重新启动 Intone。</translation>
    </message>
    <message>
        <source>There is no display, so no key can be heard.</source>
        <translation>没有显示器，无法听到按键。</translation>
    </message>
    <message>
        <source>Start Intone from a desktop session.</source>
        <translation>请从桌面会话中启动 Intone。</translation>
    </message>
    <message>
        <source>The display “{display}” cannot be opened, so no key is heard.</source>
        <translation>无法打开显示器“{display}”，听不到按键。</translation>
    </message>
    <message>
        <source>Start Intone from the desktop&apos;s own session, or set DISPLAY and XAUTHORITY to it.</source>
        <translation>请从桌面自己的会话启动 Intone，或将 DISPLAY 和 XAUTHORITY 设为它。</translation>
    </message>
    <message>
        <source>The connection to the display is gone.</source>
        <translation>与显示器的连接已断开。</translation>
    </message>
    <message>
        <source>Start Intone again in the running session.</source>
        <translation>请在当前会话中重新启动 Intone。</translation>
    </message>
    <message>
        <source>The display does not answer, so the keys were not changed.</source>
        <translation>显示器没有回应，按键没有更改。</translation>
    </message>
    <message>
        <source>This X server cannot report keys (it has no XInput 2).</source>
        <translation>此 X 服务器无法报告按键（没有 XInput 2）。</translation>
    </message>
    <message>
        <source>Start Intone on another display.</source>
        <translation>请在另一个显示器上启动 Intone。</translation>
    </message>
    <message>
        <source>Windows does not let Intone hear keys.</source>
        <translation>Windows 不让 Intone 听到按键。</translation>
    </message>
    <message>
        <source>macOS no longer lets Intone hear keys.</source>
        <translation>macOS 不再让 Intone 接收按键。</translation>
    </message>
    <message>
        <source>macOS does not let Intone hear keys.</source>
        <translation>macOS 不让 Intone 接收按键。</translation>
    </message>
    <message>
        <source>Open System Settings, Privacy &amp; Security, {pane}, allow Intone, and start it again.</source>
        <translation>打开“系统设置”、“隐私与安全性”、“{pane}”，允许 Intone，然后重新启动。</translation>
    </message>
    <message>
        <source>macOS does not let Intone hear its talk key.</source>
        <translation>macOS 不让 Intone 接收说话键。</translation>
    </message>
    <message>
        <source>macOS does not let Intone press keys in other programs.</source>
        <translation>macOS 不让 Intone 在其他程序中按键。</translation>
    </message>
    <message>
        <source>Your desktop has not been asked for a talk key yet.</source>
        <translation>还没有向桌面请求说话键。</translation>
    </message>
    <message>
        <source>Open the settings, About, The first steps, and choose a key on the page “A key to talk”.</source>
        <translation>请打开“设置”、“关于”、“设置向导”，在“说话键”一页选择按键。</translation>
    </message>
    <message>
        <source>Your desktop is asking for the talk key.</source>
        <translation>您的桌面正在询问说话键。</translation>
    </message>
    <message>
        <source>Answer in its dialog. Until then there is no talk key.</source>
        <translation>请在它的对话框中回答。在那之前没有说话键。</translation>
    </message>
    <message>
        <source>Your desktop gave Intone no talk key.</source>
        <translation>桌面没有给 Intone 说话键。</translation>
    </message>
    <message>
        <source>Ask again in the settings, About, The first steps, on the page “A key to talk”, or bind a key to this command in the desktop&apos;s keyboard settings:
intone toggle
Press its key once to talk and once more to end.</source>
        <translation>请在“设置”、“关于”、“设置向导”的“说话键”一页再次询问，或在桌面的键盘设置中为此命令绑定一个按键：
intone toggle
按一次开始说话，再按一次结束。</translation>
    </message>
    <message>
        <source>Your desktop knows the talk key of Intone, but no key is set for it.</source>
        <translation>桌面知道 Intone 的说话键，但没有为它设置按键。</translation>
    </message>
    <message>
        <source>Perhaps another program has {key}. Choose a key for “Hold to talk” in the desktop&apos;s settings for keys.</source>
        <translation>也许另一个程序占用了 {key}。请在桌面的按键设置中为“按住说话”选择一个按键。</translation>
    </message>
    <message>
        <source>Your desktop does not give Intone its talk key at the moment.</source>
        <translation>桌面目前没有给 Intone 说话键。</translation>
    </message>
    <message>
        <source>If it stays so, ask again in the settings, About, The first steps, on the page “A key to talk”.</source>
        <translation>如果一直这样，请在“设置”、“关于”、“设置向导”的“说话键”一页再次询问。</translation>
    </message>
    <message>
        <source>Ask again by the button below, or bind a key to this command in the desktop&apos;s keyboard settings:
intone toggle
Press its key once to talk and once more to end.</source>
        <translation>请用下面的按钮再次询问，或在桌面的键盘设置中为此命令绑定一个按键：
intone toggle
按一次开始说话，再按一次结束。</translation>
    </message>
    <message>
        <source>If it stays so, ask again by the button below.</source>
        <translation>如果一直这样，请用下面的按钮再次询问。</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>按住说话</translation>
    </message>
    <message>
        <source>Hold to talk, then press Return</source>
        <translation>按住说话，然后按回车</translation>
    </message>
    <message>
        <source>Hold to say what becomes of the selection</source>
        <translation>按住并说出如何修改选中的内容</translation>
    </message>
    <message>
        <source>Hold to say a misheard word again</source>
        <translation>按住重说听错的词</translation>
    </message>
    <message>
        <source>Next language</source>
        <translation>下一种语言</translation>
    </message>
    <message>
        <source>Paste the last dictation again</source>
        <translation>再次粘贴上次听写</translation>
    </message>
    <message>
        <source>Undo the last insertion</source>
        <translation>撤回上次输入</translation>
    </message>
    <message>
        <source>Swap spoken and polished text</source>
        <translation>原话与润色对调</translation>
    </message>
    <message>
        <source>Find the dictation of the selection</source>
        <translation>查找所选文字的那次听写</translation>
    </message>
    <message>
        <source>Note how it sounded, or no more</source>
        <translation>开始或停止记录听起来如何</translation>
    </message>
    <message>
        <source>In a Wayland session only the desktop itself can hear the talk key.</source>
        <translation>在 Wayland 会话中只有桌面本身能听到说话键。</translation>
    </message>
    <message>
        <source>Add these two lines to ~/.config/sway/config and reload sway; then hold F9 to talk:
bindsym --no-repeat F9 exec intone start
bindsym --release F9 exec intone stop</source>
        <translation>把这两行加入 ~/.config/sway/config 并重新加载 sway；然后按住 F9 说话：
bindsym --no-repeat F9 exec intone start
bindsym --release F9 exec intone stop</translation>
    </message>
    <message>
        <source>Add these two lines to ~/.config/hypr/hyprland.conf; then hold F9 to talk:
bind = , F9, exec, intone start
bindr = , F9, exec, intone stop
With ~/.config/hypr/hyprland.lua (Hyprland 0.55 and later) they are:
hl.bind(&quot;F9&quot;, hl.dsp.exec_cmd(&quot;intone start&quot;))
hl.bind(&quot;F9&quot;, hl.dsp.exec_cmd(&quot;intone stop&quot;), {{ release = true }})</source>
        <translation>把这两行加入 ~/.config/hypr/hyprland.conf；然后按住 F9 说话：
bind = , F9, exec, intone start
bindr = , F9, exec, intone stop
使用 ~/.config/hypr/hyprland.lua（Hyprland 0.55 及以后）时写作：
hl.bind(&quot;F9&quot;, hl.dsp.exec_cmd(&quot;intone start&quot;))
hl.bind(&quot;F9&quot;, hl.dsp.exec_cmd(&quot;intone stop&quot;), {{ release = true }})</translation>
    </message>
    <message>
        <source>Add this line to the keyboard section of ~/.config/labwc/rc.xml and run labwc --reconfigure:
&lt;keybind key=&quot;F9&quot;&gt;&lt;action name=&quot;Execute&quot; command=&quot;intone toggle&quot; /&gt;&lt;/keybind&gt;
Press F9 once to talk and once more to end.</source>
        <translation>把这一行加入 ~/.config/labwc/rc.xml 的 keyboard 部分，并运行 labwc --reconfigure：
&lt;keybind key=&quot;F9&quot;&gt;&lt;action name=&quot;Execute&quot; command=&quot;intone toggle&quot; /&gt;&lt;/keybind&gt;
按一次 F9 开始说话，再按一次结束。</translation>
    </message>
    <message>
        <source>Open Settings, Keyboard, View and Customise Shortcuts, Custom Shortcuts, and add one with this command:
intone toggle
Press its key once to talk and once more to end.</source>
        <translation>打开“设置”、“键盘”、“查看和自定义快捷键”、“自定义快捷键”，添加一个使用此命令的快捷键：
intone toggle
按一次开始说话，再按一次结束。</translation>
    </message>
    <message>
        <source>Open System Settings, Keyboard, Shortcuts, choose Add New, Command or Script, and give it this command:
intone toggle
Press its key once to talk and once more to end.</source>
        <translation>打开“系统设置”、“键盘”、“快捷键”，选择“新增”、“命令或脚本”，填入此命令：
intone toggle
按一次开始说话，再按一次结束。</translation>
    </message>
    <message>
        <source>Bind a key to this command in your desktop&apos;s keyboard settings:
intone toggle
Press it once to talk and once more to end. If your desktop can run a command on a key&apos;s release too, bind the press to
intone start
and the release to
intone stop</source>
        <translation>在桌面的键盘设置中把一个键绑定到此命令：
intone toggle
按一次开始说话，再按一次结束。如果桌面也能在松开键时运行命令，请把按下绑定到
intone start
把松开绑定到
intone stop</translation>
    </message>
    <message>
        <source>{key} opens help in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开帮助。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} renames in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来重命名。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} finds again in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来继续查找。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} reloads in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来重新加载。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} goes to the address in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来转到地址栏。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} opens the menu in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开菜单。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} fills the screen in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来全屏显示。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} opens the developer&apos;s tools in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开开发者工具。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} changes between inserting and overwriting in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来切换插入与改写。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} opens the menu of what is selected in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开所选内容的菜单。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} takes a picture of the screen in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来截屏。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} pastes what is selected and opens links in new tabs in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来粘贴所选内容并在新标签页打开链接。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} goes back in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来后退。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} goes forward in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来前进。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} selects all in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来全选。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} copies in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来复制。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} finds in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来查找。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} makes something new in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来新建。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} opens in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} prints in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打印。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} quits in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来退出。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} saves in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来保存。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} opens a tab in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开标签页。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} closes in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来关闭。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} cuts in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来剪切。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} does again what was undone in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来重做。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} undoes in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来撤销。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} closes windows in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来关闭窗口。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} goes to the next window in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来切换到下一个窗口。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} opens a menu in many programs. They no longer get it.</source>
        <translation>{key} 在许多程序中用来打开菜单。它们不再收到此键。</translation>
    </message>
    <message>
        <source>{key} belongs to the desktop, which may not give it, or no longer does what it did.</source>
        <translation>{key} 属于桌面：它可能不给出此键，或不再执行原来的功能。</translation>
    </message>
    <message>
        <source>{key} types capitals: that goes on, and what it began is dropped.</source>
        <translation>{key} 用来输入大写字母：照常输入，由此开始的听写会被放弃。</translation>
    </message>
    <message>
        <source>{key} types signs on some keyboards: that goes on, and what it began is dropped.</source>
        <translation>{key} 在某些键盘上用来输入符号：照常输入，由此开始的听写会被放弃。</translation>
    </message>
    <message>
        <source>No language model is chosen.</source>
        <translation>没有选择语言模型。</translation>
    </message>
    <message>
        <source>Choose one for polish.</source>
        <translation>请为润色选择一个。</translation>
    </message>
    <message>
        <source>No language model is installed.</source>
        <translation>没有安装语言模型。</translation>
    </message>
    <message>
        <source>Run `intone models pull {name}` or `intone models pull {smallest}` to have one.</source>
        <translation>请运行 `intone models pull {name}` 或 `intone models pull {smallest}` 来获取一个。</translation>
    </message>
    <message>
        <source>There is no language model called {name} and no such file.</source>
        <translation>没有名为 {name} 的语言模型，也没有这个文件。</translation>
    </message>
    <message>
        <source>Choose a .gguf file, or one of {names}.</source>
        <translation>请选择 .gguf 文件，或 {names} 之一。</translation>
    </message>
    <message>
        <source>The library that runs language models is not installed.</source>
        <translation>没有安装运行语言模型的库。</translation>
    </message>
    <message>
        <source>The language model {name} cannot be loaded.</source>
        <translation>无法加载语言模型 {name}。</translation>
    </message>
    <message>
        <source>Close something, then try again.</source>
        <translation>请关闭一些程序后再试。</translation>
    </message>
    <message>
        <source>Fetch it again with `intone models pull {name}`, or choose another.</source>
        <translation>用 `intone models pull {name}` 重新下载，或选择另一个。</translation>
    </message>
    <message>
        <source>The local model is not in use any more.</source>
        <translation>本机模型已不再使用。</translation>
    </message>
    <message>
        <source>The local model stopped.</source>
        <translation>本机模型已停止。</translation>
    </message>
    <message>
        <source>The next dictation starts it again.</source>
        <translation>下次听写会重新启动它。</translation>
    </message>
    <message>
        <source>There is no model called {name}.</source>
        <translation>没有名为 {name} 的模型。</translation>
    </message>
    <message>
        <source>The models are {names}.</source>
        <translation>模型有 {names}。</translation>
    </message>
    <message>
        <source>There is no model called {name} and no such folder.</source>
        <translation>没有名为 {name} 的模型，也没有这个文件夹。</translation>
    </message>
    <message>
        <source>Choose a folder that holds a model, or one of {names}.</source>
        <translation>请选择含有模型的文件夹，或 {names} 之一。</translation>
    </message>
    <message>
        <source>Model {name} is not installed.</source>
        <translation>模型 {name} 没有安装。</translation>
    </message>
    <message>
        <source>Run `intone models pull {name}`, or choose a folder that holds a model in the settings.</source>
        <translation>运行 `intone models pull {name}`，或在设置中选择含有模型的文件夹。</translation>
    </message>
    <message>
        <source>The voice head {path} cannot be read ({reason}).</source>
        <translation>无法读取语音情绪文件 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>Check who owns it, and the disk.</source>
        <translation>请检查它的所有者和磁盘。</translation>
    </message>
    <message>
        <source>The folder for voice heads, {path}, cannot be read ({reason}).</source>
        <translation>无法读取语音情绪文件的文件夹 {path}（{reason}）。</translation>
    </message>
    <message>
        <source>The model folder {folder} lacks {files}.</source>
        <translation>模型文件夹 {folder} 缺少 {files}。</translation>
    </message>
    <message>
        <source>Put the missing files there, or choose another model in the settings.</source>
        <translation>请补上缺少的文件，或在设置中选择别的模型。</translation>
    </message>
    <message>
        <source>Model {name} is incomplete: {files} is missing or damaged.</source>
        <translation>模型 {name} 不完整：{files} 缺失或损坏。</translation>
    </message>
    <message>
        <source>Run `intone models pull {name}` to fetch it again.</source>
        <translation>运行 `intone models pull {name}` 重新下载。</translation>
    </message>
    <message>
        <source>Model {name} is damaged: {file} is not what was fetched.</source>
        <translation>模型 {name} 已损坏：{file} 与下载的不符。</translation>
    </message>
    <message>
        <source>Model {name} cannot be read: {reason}.</source>
        <translation>无法读取模型 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Fetch it again. If that does not help, look at the disk.</source>
        <translation>请重新下载。如果没有用，请检查磁盘。</translation>
    </message>
    <message>
        <source>Model {name} cannot be written to {folder}: {reason}.</source>
        <translation>模型 {name} 无法写入 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>Mend that and run `intone models pull {name}` again.</source>
        <translation>请解决后再运行 `intone models pull {name}`。</translation>
    </message>
    <message>
        <source>Model {name} needs {needed} more and {free} are free in {folder}.</source>
        <translation>模型 {name} 还需要 {needed}，{folder} 中有 {free} 可用。</translation>
    </message>
    <message>
        <source>Make room there and run `intone models pull {name}` again, or choose a smaller model.</source>
        <translation>请在那里腾出空间后再运行 `intone models pull {name}`，或选择较小的模型。</translation>
    </message>
    <message>
        <source>{name} runs on the NVIDIA card.</source>
        <translation>{name} 在 NVIDIA 显卡上运行。</translation>
    </message>
    <message>
        <source>Only English is chosen: in short dictations {name} makes fewer mistakes than Whisper base.</source>
        <translation>只选择了英语：短的听写里 {name} 的错误比 Whisper base 少。</translation>
    </message>
    <message>
        <source>{name} is installed, and stays until another model is chosen.</source>
        <translation>{name} 已安装，在选择其他模型之前继续使用。</translation>
    </message>
    <message>
        <source>No language is chosen: {name} finds out which one is spoken.</source>
        <translation>没有选择语言：{name} 会判断说的是哪一种。</translation>
    </message>
    <message>
        <source>{name} knows the chosen language.</source>
        <translation>{name} 支持所选的语言。</translation>
    </message>
    <message>
        <source>Several languages are chosen: {name} finds out which of them is spoken.</source>
        <translation>选择了多种语言：{name} 会判断说的是其中哪一种。</translation>
    </message>
    <message>
        <source>{name} knows English alone, and answers until another model is here.</source>
        <translation>{name} 只支持英语，在另一个模型就绪之前由它回答。</translation>
    </message>
    <message>
        <source>{name} does not know every language that is chosen.</source>
        <translation>{name} 并不支持所选的每种语言。</translation>
    </message>
    <message>
        <source>Choose another model in the settings, such as Whisper large-v3-turbo.</source>
        <translation>请在设置中选择另一个模型，例如 Whisper large-v3-turbo。</translation>
    </message>
    <message>
        <source>This project has not proved it yet: its figures are those of its authors.</source>
        <translation>本项目尚未验证它：数据来自其作者。</translation>
    </message>
    <message>
        <source>In short English dictations {name} makes fewer mistakes than Whisper base, for less memory.</source>
        <translation>短的英语听写里 {name} 的错误比 Whisper base 少，占用内存也更少。</translation>
    </message>
    <message>
        <source>In English {name} is said to make a third of the mistakes of Whisper base.</source>
        <translation>据称 {name} 的英语错误只有 Whisper base 的三分之一。</translation>
    </message>
    <message>
        <source>{name} is said to make far fewer mistakes in your language than Whisper base. It cannot be told which language is spoken, and may take it for another.</source>
        <translation>据称 {name} 在您的语言中的错误远少于 Whisper base。无法告诉它说的是哪种语言，它可能会误判。</translation>
    </message>
    <message>
        <source>{name} is said to make far fewer mistakes in your languages than Whisper base.</source>
        <translation>据称 {name} 在您的语言中的错误远少于 Whisper base。</translation>
    </message>
    <message>
        <source>{name} runs the largest Whisper on a graphics card, also without CUDA.</source>
        <translation>{name} 在显卡上运行最大的 Whisper，无需 CUDA。</translation>
    </message>
    <message>
        <source>Model {name} could not be fetched: the model hub {problem}.</source>
        <translation>无法下载模型 {name}：模型库{problem}。</translation>
    </message>
    <message>
        <source>Check the network and run `intone models pull {name}` again, or choose another model.</source>
        <translation>请检查网络后再运行 `intone models pull {name}`，或选择别的模型。</translation>
    </message>
    <message>
        <source>Model {name} could not be fetched: the model hub cannot be asked.</source>
        <translation>无法下载模型 {name}：无法询问模型库。</translation>
    </message>
    <message>
        <source>wanted to be asked in the clear</source>
        <translation>要求不加密的连接</translation>
    </message>
    <message>
        <source>broke the download off</source>
        <translation>中断了下载</translation>
    </message>
    <message>
        <source>sent more than the file has</source>
        <translation>发送的内容超过了文件大小</translation>
    </message>
    <message>
        <source>answered {status}</source>
        <translation>回答了 {status}</translation>
    </message>
    <message>
        <source>did not answer within {seconds} s</source>
        <translation>在 {seconds} 秒内没有回答</translation>
    </message>
    <message>
        <source>could not be reached</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>listed its files in a way that is not understood</source>
        <translation>列出文件的方式无法识别</translation>
    </message>
    <message>
        <source>Model {name} was not fetched: the hub has another {file} than expected.</source>
        <translation>没有下载模型 {name}：模型库中的 {file} 与预期不同。</translation>
    </message>
    <message>
        <source>Choose another model, or look for a newer Intone.</source>
        <translation>请选择另一个模型，或查找更新的 Intone。</translation>
    </message>
    <message>
        <source>Model {name} was not fetched: the hub does not state the checksum of {file}.</source>
        <translation>没有下载模型 {name}：模型库没有给出 {file} 的校验和。</translation>
    </message>
    <message>
        <source>Model {name} could not be fetched: neither the model hub nor the package index gave it.</source>
        <translation>无法下载模型 {name}：模型库和软件包索引都没有提供。</translation>
    </message>
    <message>
        <source>Check the network and run `intone models pull {name}` again, or choose a folder that holds a model.</source>
        <translation>请检查网络后再运行 `intone models pull {name}`，或选择含有模型的文件夹。</translation>
    </message>
    <message>
        <source>{problem} Check the network and run `intone models pull {name}` again, or choose a folder that holds a model.</source>
        <translation>{problem}请检查网络并再次运行 `intone models pull {name}`，或选择一个含有模型的文件夹。</translation>
    </message>
    <message>
        <source>What was fetched as {file} of model {name} is not the file that Intone expects, and was thrown away.</source>
        <translation>下载的 {file}（模型 {name}）不是 Intone 期望的文件，已丢弃。</translation>
    </message>
    <message>
        <source>Run `intone models pull {name}` again to fetch it anew. If it stays wrong, choose another model.</source>
        <translation>请再运行 `intone models pull {name}` 重新下载。若仍不对，请选择别的模型。</translation>
    </message>
    <message>
        <source>Model {name} is not here, and its download was stopped.</source>
        <translation>模型 {name} 不在本机，下载已停止。</translation>
    </message>
    <message>
        <source>Resume it in the settings under Models, or choose another model there.</source>
        <translation>请在设置的“模型”中继续下载，或选择别的模型。</translation>
    </message>
    <message>
        <source>What was fetched of model {name} cannot be deleted: {reason}.</source>
        <translation>无法删除已下载的模型 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Delete {folder} yourself.</source>
        <translation>请自行删除 {folder}。</translation>
    </message>
    <message>
        <source>Model {name} is being fetched.</source>
        <translation>正在下载模型 {name}。</translation>
    </message>
    <message>
        <source>Cancel that first.</source>
        <translation>请先取消它。</translation>
    </message>
    <message>
        <source>Run `intone models list` to see what is.</source>
        <translation>运行 `intone models list` 查看有哪些。</translation>
    </message>
    <message>
        <source>{name} is in use. Choose another model first.</source>
        <translation>正在使用 {name}。请先选择别的模型。</translation>
    </message>
    <message>
        <source>There is no recording to measure with.</source>
        <translation>没有可用来测量的录音。</translation>
    </message>
    <message>
        <source>Dictate a sentence or two, then measure again.</source>
        <translation>请先听写一两句话，再测量。</translation>
    </message>
    <message>
        <source>No model of speech is installed.</source>
        <translation>没有安装语音模型。</translation>
    </message>
    <message>
        <source>Run `intone models pull base` to have one.</source>
        <translation>运行 `intone models pull base` 来安装一个。</translation>
    </message>
    <message>
        <source>The models could not be compared.</source>
        <translation>无法比较模型。</translation>
    </message>
    <message>
        <source>Run `intone bench mine` to see why.</source>
        <translation>运行 `intone bench mine` 查看原因。</translation>
    </message>
    <message>
        <source>{name} needs {needed} MB of memory and {free} MB are free.</source>
        <translation>{name} 需要 {needed} MB 内存，现有 {free} MB 可用。</translation>
    </message>
    <message>
        <source>The address in {key} cannot be used.</source>
        <translation>{key} 中的地址无法使用。</translation>
    </message>
    <message>
        <source>Mend it: `intone settings set {key} ADDRESS`.</source>
        <translation>请修正：`intone settings set {key} ADDRESS`。</translation>
    </message>
    <message>
        <source>The model that polishes is on this machine, and needs no key.</source>
        <translation>润色的模型在本机，不需要密钥。</translation>
    </message>
    <message>
        <source>There is no key for {service}.</source>
        <translation>没有 {service} 的密钥。</translation>
    </message>
    <message>
        <source>Enter it in the settings (Speech or Network), or in a terminal: intone key set {name}</source>
        <translation>请在设置中输入（“语音”或“网络”），或在终端运行：intone key set {name}</translation>
    </message>
    <message>
        <source>The key for {service} would go to {host} unencrypted.</source>
        <translation>{service} 的密钥会未加密地发送到 {host}。</translation>
    </message>
    <message>
        <source>Use an https address, or allow it: intone settings set network.plain_keys on</source>
        <translation>请使用 https 地址，或允许它：intone settings set network.plain_keys on</translation>
    </message>
    <message>
        <source>{host} was not found.</source>
        <translation>找不到 {host}。</translation>
    </message>
    <message>
        <source>Is the network up, and does its DNS answer?</source>
        <translation>网络通吗？DNS 有回应吗？</translation>
    </message>
    <message>
        <source>{host} cannot be reached.</source>
        <translation>无法连接 {host}。</translation>
    </message>
    <message>
        <source>Is the network up?</source>
        <translation>网络通吗？</translation>
    </message>
    <message>
        <source>{host} is no address that can be asked.</source>
        <translation>{host} 不是可以访问的地址。</translation>
    </message>
    <message>
        <source>{host} speaks no WebSocket here.</source>
        <translation>{host} 在这里不支持 WebSocket。</translation>
    </message>
    <message>
        <source>Nothing answers at {host}.</source>
        <translation>{host} 没有回应。</translation>
    </message>
    <message>
        <source>Does the server run, and is the address right?</source>
        <translation>服务器在运行吗？地址对吗？</translation>
    </message>
    <message>
        <source>The certificate of {host} does not hold at this computer&apos;s time, {time}.</source>
        <translation>{host} 的证书在本机时间 {time} 无效。</translation>
    </message>
    <message>
        <source>Is the clock right?</source>
        <translation>时钟对吗？</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted ({reason}).</source>
        <translation>{host} 的证书不受信任（{reason}）。</translation>
    </message>
    <message>
        <source>Is something in between? Its own certificate can be named in SSL_CERT_FILE.</source>
        <translation>中间有什么吗？可以用 SSL_CERT_FILE 指定它的证书。</translation>
    </message>
    <message>
        <source>SSL_CERT_FILE names {file}, which cannot be read as certificates.</source>
        <translation>SSL_CERT_FILE 指定的 {file} 无法作为证书读取。</translation>
    </message>
    <message>
        <source>Name a file that can, or take the variable away; then start Intone again.</source>
        <translation>请指定可以读取的文件，或去掉这个变量，然后重新启动 Intone。</translation>
    </message>
    <message>
        <source>{host} and this computer agree on no encryption.</source>
        <translation>{host} 与本机没有共同的加密方式。</translation>
    </message>
    <message>
        <source>Is something in between?</source>
        <translation>中间有什么吗？</translation>
    </message>
    <message>
        <source>The connection to {service} broke.</source>
        <translation>与 {service} 的连接断开了。</translation>
    </message>
    <message>
        <source>What you said is kept. Try again in a moment.</source>
        <translation>您说的内容已保留。请稍后再试。</translation>
    </message>
    <message>
        <source>Nothing was kept. Try again in a moment.</source>
        <translation>什么都没有保留。请稍后再试。</translation>
    </message>
    <message>
        <source>{service} ended the connection ({reason}).</source>
        <translation>{service} 结束了连接（{reason}）。</translation>
    </message>
    <message>
        <source>code {code}</source>
        <translation>代码 {code}</translation>
    </message>
    <message>
        <source>without a word</source>
        <translation>没有说明</translation>
    </message>
    <message>
        <source>{service} did not answer in time.</source>
        <translation>{service} 没有及时回答。</translation>
    </message>
    <message>
        <source>The proxy in {source} cannot be used.</source>
        <translation>{source} 中的代理无法使用。</translation>
    </message>
    <message>
        <source>Write it as http://HOST:PORT or socks5://HOST:PORT, or take it away; then start Intone again.</source>
        <translation>请写成 http://主机:端口 或 socks5://主机:端口，或将其去掉，然后重新启动 Intone。</translation>
    </message>
    <message>
        <source>The proxy in the settings of the system cannot be used.</source>
        <translation>系统设置中的代理无法使用。</translation>
    </message>
    <message>
        <source>the settings of the system</source>
        <translation>系统设置</translation>
    </message>
    <message>
        <source>The proxy does not let us through.</source>
        <translation>代理不让我们通过。</translation>
    </message>
    <message>
        <source>Check {source}, or the proxy itself.</source>
        <translation>请检查 {source} 或代理本身。</translation>
    </message>
    <message>
        <source>Nothing answers at the proxy in {source}.</source>
        <translation>{source} 中的代理没有回应。</translation>
    </message>
    <message>
        <source>{host}, or the proxy in {source}, was not found.</source>
        <translation>找不到 {host} 或 {source} 中的代理。</translation>
    </message>
    <message>
        <source>{host} cannot be reached through the proxy in {source}.</source>
        <translation>通过 {source} 中的代理无法连接 {host}。</translation>
    </message>
    <message>
        <source>The part of Intone that asks this service cannot be loaded.</source>
        <translation>无法加载 Intone 中访问该服务的部分。</translation>
    </message>
    <message>
        <source>Install Intone again. The log says why.</source>
        <translation>请重新安装 Intone。日志中有原因。</translation>
    </message>
    <message>
        <source>Speech is sent live, but what is not answered cannot be sent again: the part of Intone that would send it again cannot be loaded.</source>
        <translation>语音会实时发送，但未得到回答的内容无法再次发送：Intone 中负责再次发送的部分无法加载。</translation>
    </message>
    <message>
        <source>Every speech model known here has been shut down by its maker.</source>
        <translation>这里已知的语音模型都已被厂商停用。</translation>
    </message>
    <message>
        <source>Name another: intone settings set engines.{engine}.model NAME</source>
        <translation>请指定另一个：intone settings set engines.{engine}.model NAME</translation>
    </message>
    <message>
        <source>{service} gave an answer that makes no sense.</source>
        <translation>{service} 的回答无法理解。</translation>
    </message>
    <message>
        <source>What you said is kept. Is the address right?</source>
        <translation>您说的内容已保留。地址对吗？</translation>
    </message>
    <message>
        <source>Nothing was kept. Is the address right?</source>
        <translation>什么都没有保留。地址正确吗？</translation>
    </message>
    <message>
        <source>{service} does not accept the key.</source>
        <translation>{service} 不接受此密钥。</translation>
    </message>
    <message>
        <source>Enter it again in the settings (Speech or Network), or in a terminal: intone key set {name}</source>
        <translation>请在设置中重新输入（“语音”或“网络”），或在终端运行：intone key set {name}</translation>
    </message>
    <message>
        <source>The account at {service} is out of credit.</source>
        <translation>{service} 的账户余额不足。</translation>
    </message>
    <message>
        <source>Add some there, or use another engine.</source>
        <translation>请充值，或使用别的引擎。</translation>
    </message>
    <message>
        <source>{service} does not allow this.</source>
        <translation>{service} 不允许这样做。</translation>
    </message>
    <message>
        <source>May this key use this model, in this country?</source>
        <translation>此密钥能在此国家使用此模型吗？</translation>
    </message>
    <message>
        <source>{service} does not allow this ({reason}).</source>
        <translation>{service} 不允许这样做（{reason}）。</translation>
    </message>
    <message>
        <source>{service} does not know this model or address.</source>
        <translation>{service} 不认识此模型或地址。</translation>
    </message>
    <message>
        <source>Check both: intone settings list</source>
        <translation>请检查两者：intone settings list</translation>
    </message>
    <message>
        <source>{service} does not know this model or address ({reason}).</source>
        <translation>{service} 不认识此模型或地址（{reason}）。</translation>
    </message>
    <message>
        <source>The recording is too long for {service}.</source>
        <translation>录音对 {service} 来说太长。</translation>
    </message>
    <message>
        <source>What you said is kept. The local engine can take it.</source>
        <translation>您说的话已保留。本机引擎可以处理。</translation>
    </message>
    <message>
        <source>Nothing was kept. The local engine can take it.</source>
        <translation>什么都没有保留。本机引擎可以处理。</translation>
    </message>
    <message>
        <source>The local engine can take it.</source>
        <translation>本机引擎可以处理。</translation>
    </message>
    <message>
        <source>{service} has had too many requests from this account.</source>
        <translation>{service} 收到此账户的请求过多。</translation>
    </message>
    <message>
        <source>Wait a moment. What you said is kept.</source>
        <translation>请稍等。您说的话已保留。</translation>
    </message>
    <message>
        <source>Wait a moment. Nothing was kept.</source>
        <translation>请稍等。什么都没有保留。</translation>
    </message>
    <message>
        <source>Wait a moment.</source>
        <translation>请稍等。</translation>
    </message>
    <message>
        <source>It asks to wait {seconds} s. What you said is kept.</source>
        <translation>它要求等待 {seconds} 秒。您说的话已保留。</translation>
    </message>
    <message>
        <source>It asks to wait {seconds} s. Nothing was kept.</source>
        <translation>它要求等待 {seconds} 秒。什么都没有保留。</translation>
    </message>
    <message>
        <source>It asks to wait {seconds} s.</source>
        <translation>它要求等待 {seconds} 秒。</translation>
    </message>
    <message>
        <source>{service} is busy.</source>
        <translation>{service} 正忙。</translation>
    </message>
    <message>
        <source>{service} has a problem of its own (status {status}).</source>
        <translation>{service} 自身出了问题（状态 {status}）。</translation>
    </message>
    <message>
        <source>{service} refused the request (status {status}).</source>
        <translation>{service} 拒绝了请求（状态 {status}）。</translation>
    </message>
    <message>
        <source>What you said is kept.</source>
        <translation>您说的内容已保留。</translation>
    </message>
    <message>
        <source>{service} refused the request ({reason}).</source>
        <translation>{service} 拒绝了请求（{reason}）。</translation>
    </message>
    <message>
        <source>There is nothing to paste yet.</source>
        <translation>还没有可粘贴的内容。</translation>
    </message>
    <message>
        <source>Dictate something first.</source>
        <translation>请先听写一些内容。</translation>
    </message>
    <message>
        <source>There is nothing to paste.</source>
        <translation>没有可粘贴的内容。</translation>
    </message>
    <message>
        <source>The dictation came to no words, or was deleted.</source>
        <translation>这次听写没有文字，或已被删除。</translation>
    </message>
    <message>
        <source>There is nothing to swap yet.</source>
        <translation>还没有可对调的内容。</translation>
    </message>
    <message>
        <source>The screen cannot be reached, so text cannot be put into windows.</source>
        <translation>无法连接屏幕，文字不能放进窗口。</translation>
    </message>
    <message>
        <source>Start Intone from within your desktop session.</source>
        <translation>请从桌面会话中启动 Intone。</translation>
    </message>
    <message>
        <source>This screen does not let programs press keys (it lacks XTEST).</source>
        <translation>此屏幕不允许程序按键（缺少 XTEST）。</translation>
    </message>
    <message>
        <source>Use another X server or display.</source>
        <translation>请使用其他 X 服务器或显示器。</translation>
    </message>
    <message>
        <source>The desktop&apos;s compositor cannot be reached, so text cannot be put into windows.</source>
        <translation>无法连接桌面的合成器，文字不能放进窗口。</translation>
    </message>
    <message>
        <source>Windows gives Intone no window, so text cannot be put into others.</source>
        <translation>Windows 没有给 Intone 窗口，文字无法放进其他窗口。</translation>
    </message>
    <message>
        <source>Start Intone from your desktop.</source>
        <translation>请从桌面启动 Intone。</translation>
    </message>
    <message>
        <source>The text is in the history.</source>
        <translation>文字在历史中。</translation>
    </message>
    <message>
        <source>Paste last has the text; the history does not.</source>
        <translation>“粘贴上次内容”里有这段文字；历史中没有。</translation>
    </message>
    <message>
        <source>The text is on the clipboard: press {shortcut}.</source>
        <translation>文字在剪贴板上：请按 {shortcut}。</translation>
    </message>
    <message>
        <source>{name} did not take the text.</source>
        <translation>{name} 没有接收文字。</translation>
    </message>
    <message>
        <source>{name} did not take the text. It is on the clipboard: press {shortcut}.</source>
        <translation>{name} 没有接收文字。它在剪贴板上：请按 {shortcut}。</translation>
    </message>
    <message>
        <source>The window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Another program read the text first, so it is not known whether it arrived. It is in the history.</source>
        <translation>另一个程序先读取了文字，不知道是否到达。它在历史中。</translation>
    </message>
    <message>
        <source>Another program read the text first, so it is not known whether it arrived. Paste last has it; the history does not.</source>
        <translation>另一个程序先读取了文字，不知道是否到达。“粘贴上次内容”里有它；历史中没有。</translation>
    </message>
    <message>
        <source>This window reads the clipboard by itself, so it is unknown whether the text arrived. It is in the history.</source>
        <translation>此窗口会自行读取剪贴板，因此不确定文字是否已插入。它在历史中。</translation>
    </message>
    <message>
        <source>This window reads the clipboard by itself, so it is unknown whether the text arrived. Paste last has it; the history does not.</source>
        <translation>此窗口会自行读取剪贴板，因此不确定文字是否已插入。“粘贴上次内容”里有它；历史中没有。</translation>
    </message>
    <message>
        <source>The clipboard was taken before the text was read. If it is missing, it is in the history.</source>
        <translation>文字被读取前剪贴板被占用。若缺失，它在历史中。</translation>
    </message>
    <message>
        <source>The clipboard was taken before the text was read. If it is missing, Paste last has it; the history does not.</source>
        <translation>文字被读取前剪贴板被占用。若缺失，“粘贴上次内容”里有它；历史中没有。</translation>
    </message>
    <message>
        <source>The keys were pressed, but this desktop does not tell which window took the text.</source>
        <translation>已按下粘贴键，但此桌面不告知哪个窗口接收了文字。</translation>
    </message>
    <message>
        <source>The text was put in, but this window does not tell what stands there.</source>
        <translation>文字已写入，但此窗口不告知那里有什么文字。</translation>
    </message>
    <message>
        <source>The text was put in, but what the window says of its field does not show it. If it is missing, it is in the history.</source>
        <translation>文字已写入，但窗口告知的输入框内容中看不到它。若缺失，它在历史中。</translation>
    </message>
    <message>
        <source>The text was put in, but what the window says of its field does not show it. If it is missing, Paste last has it; the history does not.</source>
        <translation>文字已写入，但窗口告知的输入框内容中看不到它。若缺失，“粘贴上次内容”里有它；历史中没有。</translation>
    </message>
    <message>
        <source>The window did not take the whole text, or it is not known whether it did. It is in the history.</source>
        <translation>窗口没有收下全部文字，或无法得知是否收下。它在历史中。</translation>
    </message>
    <message>
        <source>The window did not take the whole text, or it is not known whether it did. Paste last has it; the history does not.</source>
        <translation>窗口没有收下全部文字，或无法得知是否收下。“粘贴上次内容”里有它；历史中没有。</translation>
    </message>
    <message>
        <source>This window shows another machine, which does not tell whether the text has arrived.</source>
        <translation>此窗口显示的是另一台机器，它不会告知文字是否已到达。</translation>
    </message>
    <message>
        <source>Return was not pressed.</source>
        <translation>没有按回车。</translation>
    </message>
    <message>
        <source>The cursor could not be moved to its place in the text.</source>
        <translation>光标无法移到文字中的位置。</translation>
    </message>
    <message>
        <source>What was on the clipboard before could not be kept.</source>
        <translation>剪贴板上原有的内容未能保留。</translation>
    </message>
    <message>
        <source>Part of what was on the clipboard before could not be kept.</source>
        <translation>剪贴板上原有的部分内容未能保留。</translation>
    </message>
    <message>
        <source>The screen cannot be reached.</source>
        <translation>无法连接屏幕。</translation>
    </message>
    <message>
        <source>The desktop cannot be reached.</source>
        <translation>无法连接桌面。</translation>
    </message>
    <message>
        <source>Something went wrong inside Intone.</source>
        <translation>Intone 内部出了问题。</translation>
    </message>
    <message>
        <source>Intone was closed before the text was inserted.</source>
        <translation>Intone 在插入文字前被关闭。</translation>
    </message>
    <message>
        <source>Intone was closed.</source>
        <translation>Intone 被关闭了。</translation>
    </message>
    <message>
        <source>Another program holds the clipboard.</source>
        <translation>另一个程序占用着剪贴板。</translation>
    </message>
    <message>
        <source>A password field has the focus.</source>
        <translation>焦点在密码框。</translation>
    </message>
    <message>
        <source>The window did not answer whether a password field has the focus.</source>
        <translation>窗口没有回答焦点是否在密码框。</translation>
    </message>
    <message>
        <source>Choose Paste last once the window answers.</source>
        <translation>等窗口有响应后，请选择“粘贴上次内容”。</translation>
    </message>
    <message>
        <source>Try again once the window answers.</source>
        <translation>等窗口有响应后，请重试。</translation>
    </message>
    <message>
        <source>Chromium, or a program made with it, shows a password field, and this desktop does not tell which window has the focus.</source>
        <translation>Chromium 或基于它的程序中焦点在密码框，而这个桌面不告知哪个窗口有焦点。</translation>
    </message>
    <message>
        <source>Leave that field, then choose Paste last.</source>
        <translation>请离开那个密码框，然后选择“粘贴上次内容”。</translation>
    </message>
    <message>
        <source>Chromium, or a program made with it, did not answer whether it shows a password field, and this desktop does not tell which window has the focus.</source>
        <translation>Chromium 或基于它的程序没有回答它的焦点是否在密码框，而这个桌面不告知哪个窗口有焦点。</translation>
    </message>
    <message>
        <source>Choose Paste last once it answers.</source>
        <translation>等它有响应后，请选择“粘贴上次内容”。</translation>
    </message>
    <message>
        <source>Nothing was pasted.</source>
        <translation>没有粘贴任何内容。</translation>
    </message>
    <message>
        <source>The screen was locked, or the machine slept.</source>
        <translation>屏幕已锁定，或电脑曾进入睡眠。</translation>
    </message>
    <message>
        <source>No window had the focus.</source>
        <translation>没有窗口有焦点。</translation>
    </message>
    <message>
        <source>The window changed.</source>
        <translation>窗口变了。</translation>
    </message>
    <message>
        <source>This program runs as administrator, so Intone cannot press keys in it.</source>
        <translation>此程序以管理员身份运行，Intone 无法在其中按键。</translation>
    </message>
    <message>
        <source>The window does not respond.</source>
        <translation>该窗口没有响应。</translation>
    </message>
    <message>
        <source>Intone&apos;s own window has no text field at the cursor.</source>
        <translation>Intone 自己的窗口在光标处没有输入框。</translation>
    </message>
    <message>
        <source>Intone does not write into its own windows.</source>
        <translation>Intone 不写入自己的窗口。</translation>
    </message>
    <message>
        <source>A key was held down.</source>
        <translation>有键被按住。</translation>
    </message>
    <message>
        <source>No key could be pressed; intone doctor says what helps.</source>
        <translation>无法按键；intone doctor 会说明怎么办。</translation>
    </message>
    <message>
        <source>Your desktop does not let Intone put text into windows yet.</source>
        <translation>桌面还不允许 Intone 把文字放进窗口。</translation>
    </message>
    <message>
        <source>Open the settings, About, The first steps, and ask the desktop on the page of the talk key, at “Text into windows”. Until then the text is on the clipboard.</source>
        <translation>请打开“设置”、“关于”、“设置向导”，在说话键一页的“把文字放进窗口”处询问桌面。在那之前文字在剪贴板上。</translation>
    </message>
    <message>
        <source>Paste the text with Ctrl+V, or ask the desktop again: settings, About, The first steps, the page of the talk key, at “Text into windows”.</source>
        <translation>请用 Ctrl+V 粘贴文字，或再次询问桌面：“设置”、“关于”、“设置向导”，说话键一页的“把文字放进窗口”。</translation>
    </message>
    <message>
        <source>The text was removed, and the other could not be put in its place.</source>
        <translation>原来的文字已删去，另一段没能放进去。</translation>
    </message>
    <message>
        <source>Paste last brings it back.</source>
        <translation>“粘贴上次内容”可以找回。</translation>
    </message>
    <message>
        <source>The edited text was removed, and the one before could not be put back.</source>
        <translation>改过的文字已删去，原来的没能放回去。</translation>
    </message>
    <message>
        <source>`intone paste-last --raw` pastes it.</source>
        <translation>`intone paste-last --raw` 可以粘贴它。</translation>
    </message>
    <message>
        <source>No dictation is like the selected text.</source>
        <translation>没有哪次听写与所选的文字相近。</translation>
    </message>
    <message>
        <source>Select more of it, or search the history for a word that you said.</source>
        <translation>请多选一些，或在历史记录里搜索说过的一个词。</translation>
    </message>
    <message>
        <source>Select words that you dictated, and try again.</source>
        <translation>请选择听写出来的文字，再试一次。</translation>
    </message>
    <message>
        <source>Copy the words, and paste them into the search of the history.</source>
        <translation>请复制这些文字，粘贴到历史记录的搜索栏里。</translation>
    </message>
    <message>
        <source>This is a password field. Nothing was read.</source>
        <translation>这是密码栏。什么也没有读取。</translation>
    </message>
    <message>
        <source>This field does not tell exactly what is selected, so it cannot be edited.</source>
        <translation>这个输入框不能准确告知选中了什么，因此无法修改。</translation>
    </message>
    <message>
        <source>Copy the text into Notepad, edit it there and copy it back.</source>
        <translation>请把文字复制到记事本，在那里修改后再复制回来。</translation>
    </message>
    <message>
        <source>This field does not tell where its cursor is, so that stays behind the text.</source>
        <translation>这个输入框不告知光标位置，因此光标停在文字之后。</translation>
    </message>
    <message>
        <source>Move it with the arrow keys.</source>
        <translation>请用方向键移动光标。</translation>
    </message>
    <message>
        <source>This field does not tell what stands in it.</source>
        <translation>这个输入框不告知其中的文字。</translation>
    </message>
    <message>
        <source>Press Ctrl+Z there.</source>
        <translation>请在那里按 Ctrl+Z。</translation>
    </message>
    <message>
        <source>This field cannot be changed.</source>
        <translation>这个输入框不能修改。</translation>
    </message>
    <message>
        <source>The field does not take that text.</source>
        <translation>这个输入框不接受这段文字。</translation>
    </message>
    <message>
        <source>The field did not take the change as it was meant.</source>
        <translation>输入框没有按预期作出更改。</translation>
    </message>
    <message>
        <source>Look at what stands there; Ctrl+Z takes the change back.</source>
        <translation>请看一下那里的文字；按 Ctrl+Z 可撤销更改。</translation>
    </message>
    <message>
        <source>Your desktop did not let Intone put text into windows.</source>
        <translation>桌面不允许 Intone 把文字放进窗口。</translation>
    </message>
    <message>
        <source>The system did not let Intone press keys.</source>
        <translation>系统不允许 Intone 按键。</translation>
    </message>
    <message>
        <source>There is no text that could be taken back.</source>
        <translation>没有可以撤回的文字。</translation>
    </message>
    <message>
        <source>The last text is in another window.</source>
        <translation>上次的文字在另一个窗口。</translation>
    </message>
    <message>
        <source>A key or a button was pressed since.</source>
        <translation>之后按过键或鼠标。</translation>
    </message>
    <message>
        <source>Text in a terminal or a remote desktop cannot be taken back.</source>
        <translation>终端或远程桌面中的文字无法撤回。</translation>
    </message>
    <message>
        <source>The text is too long to be taken back.</source>
        <translation>文字太长，无法撤回。</translation>
    </message>
    <message>
        <source>The text is as it was spoken.</source>
        <translation>文字就是说的原话。</translation>
    </message>
    <message>
        <source>The last text is not the newest in the history.</source>
        <translation>上次的文字不是历史中最新的。</translation>
    </message>
    <message>
        <source>The text there cannot be read.</source>
        <translation>无法读取那里的文字。</translation>
    </message>
    <message>
        <source>The text changed since.</source>
        <translation>之后文字变了。</translation>
    </message>
    <message>
        <source>The window does not show whether the text was taken back.</source>
        <translation>窗口没有显示文字是否已撤回。</translation>
    </message>
    <message>
        <source>The window does not show what stands there. An invisible character may be left at the cursor.</source>
        <translation>窗口未显示那里有什么。光标处可能留有一个不可见字符。</translation>
    </message>
    <message>
        <source>Nothing was undone.</source>
        <translation>没有撤销任何内容。</translation>
    </message>
    <message>
        <source>Nothing was swapped.</source>
        <translation>没有互换任何内容。</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>没有选中任何内容。</translation>
    </message>
    <message>
        <source>The selection cannot be read exactly.</source>
        <translation>无法准确读取选中的内容。</translation>
    </message>
    <message>
        <source>The selection changed.</source>
        <translation>选中的内容变了。</translation>
    </message>
    <message>
        <source>The selection is too long to be edited.</source>
        <translation>选中的内容太长，无法编辑。</translation>
    </message>
    <message>
        <source>Text in a terminal or a remote desktop cannot be edited.</source>
        <translation>终端或远程桌面中的文字无法编辑。</translation>
    </message>
    <message>
        <source>Text in Intone&apos;s own windows cannot be edited.</source>
        <translation>Intone 自己窗口中的文字无法编辑。</translation>
    </message>
    <message>
        <source>{name} did not answer in time.</source>
        <translation>{name} 没有及时回答。</translation>
    </message>
    <message>
        <source>The rules in styles.toml are not written as [[rule]].</source>
        <translation>styles.toml 中的规则不是以 [[rule]] 写成的。</translation>
    </message>
    <message>
        <source>Mend the file, then go on.</source>
        <translation>请先修正文件，再继续。</translation>
    </message>
    <message>
        <source>A style&apos;s name has one to {limit} characters.</source>
        <translation>风格名称为 1 到 {limit} 个字符。</translation>
    </message>
    <message>
        <source>There is a style {name} already.</source>
        <translation>已经有风格 {name}。</translation>
    </message>
    <message>
        <source>{file}: rule {number}: there is no style {style}.</source>
        <translation>{file}：规则 {number}：没有风格 {style}。</translation>
    </message>
    <message>
        <source>Give an app, a title or a site.</source>
        <translation>请给出应用程序、标题或网站。</translation>
    </message>
    <message>
        <source>There is no rule {name}.</source>
        <translation>没有名为 {name} 的规则。</translation>
    </message>
    <message>
        <source>{file}: {section}: there are only style and rule.</source>
        <translation>{file}：{section}：只有 style 和 rule。</translation>
    </message>
    <message>
        <source>{file}: {section}: write {form}.</source>
        <translation>{file}：{section}：请写 {form}。</translation>
    </message>
    <message>
        <source>Used the rules.</source>
        <translation>已使用规则的文字。</translation>
    </message>
    <message>
        <source>{name} did not polish in {seconds} s.</source>
        <translation>{name} 在 {seconds} 秒内没有完成润色。</translation>
    </message>
    <message>
        <source>The polish failed.</source>
        <translation>润色失败。</translation>
    </message>
    <message>
        <source>{name} wrote much more than was said.</source>
        <translation>{name} 写的远多于所说的。</translation>
    </message>
    <message>
        <source>{name} changed the language.</source>
        <translation>{name} 改变了语言。</translation>
    </message>
    <message>
        <source>{name} wrote other words.</source>
        <translation>{name} 写了别的词。</translation>
    </message>
    <message>
        <source>{name} added words.</source>
        <translation>{name} 添加了词。</translation>
    </message>
    <message>
        <source>{name} left something out.</source>
        <translation>{name} 遗漏了内容。</translation>
    </message>
    <message>
        <source>{name} changed a number.</source>
        <translation>{name} 改动了数字。</translation>
    </message>
    <message>
        <source>{name} changed a negation.</source>
        <translation>{name} 改动了否定。</translation>
    </message>
    <message>
        <source>{name} changed a name.</source>
        <translation>{name} 改动了名称。</translation>
    </message>
    <message>
        <source>{name} wrote the opposite.</source>
        <translation>{name} 写成了相反的意思。</translation>
    </message>
    <message>
        <source>What {rules} would have made of a number or a negation was not used.</source>
        <translation>{rules} 会改动数字或否定，没有采用。</translation>
    </message>
    <message>
        <source>{path} is not text in UTF-8, in line {line}.</source>
        <translation>{path} 第 {line} 行不是 UTF-8 文本。</translation>
    </message>
    <message>
        <source>Mend it.</source>
        <translation>请修正它。</translation>
    </message>
    <message>
        <source>{path} is not valid TOML ({reason}).</source>
        <translation>{path} 不是有效的 TOML（{reason}）。</translation>
    </message>
    <message>
        <source>{path} is a link to what is not there.</source>
        <translation>{path} 是一个链接，但它指向的目标不存在。</translation>
    </message>
    <message>
        <source>Mend the link, or mount what it leads to.</source>
        <translation>请修正这个链接，或挂载它指向的位置。</translation>
    </message>
    <message>
        <source>{path} is gone or empty.</source>
        <translation>{path} 已不存在或为空。</translation>
    </message>
    <message>
        <source>{problem} The defaults are used.</source>
        <translation>{problem}使用默认值。</translation>
    </message>
    <message>
        <source>{problem} What was in force before still is.</source>
        <translation>{problem}之前的设置继续有效。</translation>
    </message>
    <message>
        <source>{problem} The last valid settings are in force.</source>
        <translation>{problem}沿用上次有效的设置。</translation>
    </message>
    <message>
        <source>Until it can be read nothing that is kept is deleted or decrypted.</source>
        <translation>在能够读取该文件之前，不会删除或解密任何已保存的内容。</translation>
    </message>
    <message>
        <source>Nothing that is kept is deleted or decrypted until {line} is mended.</source>
        <translation>在修正 {line} 之前，不会删除或解密任何已保存的内容。</translation>
    </message>
    <message>
        <source>Private mode is off, no application is excluded, and no service is used.</source>
        <translation>私密模式已关闭，没有排除任何应用程序，也不使用任何服务。</translation>
    </message>
    <message>
        <source>No sound is sent until {line} is mended.</source>
        <translation>在修正 {line} 之前，不会发送任何声音。</translation>
    </message>
    <message>
        <source>No language model is asked until {line} is mended.</source>
        <translation>在修正 {line} 之前，不会询问任何语言模型。</translation>
    </message>
    <message>
        <source>No speech model is fetched by itself until {line} is mended.</source>
        <translation>在修正 {line} 之前，不会自动下载任何语音模型。</translation>
    </message>
    <message>
        <source>Mend it, or fetch one in the settings.</source>
        <translation>请修正，或在设置中下载一个。</translation>
    </message>
    <message>
        <source>Not everything in settings.toml is in force.</source>
        <translation>settings.toml 中有些内容没有生效。</translation>
    </message>
    <message>
        <source>settings.toml cannot be read.</source>
        <translation>无法读取 settings.toml。</translation>
    </message>
    <message>
        <source>settings.toml is gone or empty.</source>
        <translation>settings.toml 已不存在或为空。</translation>
    </message>
    <message>
        <source>{effect} The next change of a setting writes it anew.</source>
        <translation>{effect}下次更改设置时会重新写入该文件。</translation>
    </message>
    <message>
        <source>What was in force before still is.</source>
        <translation>之前的设置继续有效。</translation>
    </message>
    <message>
        <source>The last valid settings are in force.</source>
        <translation>沿用上次有效的设置。</translation>
    </message>
    <message>
        <source>The defaults are in force.</source>
        <translation>使用默认设置。</translation>
    </message>
    <message>
        <source>{key} is {value} until {line} is mended.</source>
        <translation>在修正 {line} 之前，{key} 为 {value}。</translation>
    </message>
    <message>
        <source>Off until {line} is mended.</source>
        <translation>在修正 {line} 之前处于关闭状态。</translation>
    </message>
    <message>
        <source>The address in {key} cannot be used. Give one such as https://example.org/v1.</source>
        <translation>{key} 中的地址无法使用。请给出如 https://example.org/v1 的地址。</translation>
    </message>
    <message>
        <source>There is no setting named {key}.</source>
        <translation>没有名为 {key} 的设置。</translation>
    </message>
    <message>
        <source>`intone settings list` shows them all.</source>
        <translation>`intone settings list` 会全部列出。</translation>
    </message>
    <message>
        <source>Did you mean {name}?</source>
        <translation>您是指 {name} 吗？</translation>
    </message>
    <message>
        <source>{key} cannot be {value}.</source>
        <translation>{key} 不能是 {value}。</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Choose {choices}.</source>
        <translation>请选择 {choices}。</translation>
    </message>
    <message>
        <source>Give a whole number from {least} to {most}.</source>
        <translation>请给出 {least} 到 {most} 的整数。</translation>
    </message>
    <message>
        <source>Give a number, such as 1.5.</source>
        <translation>请填写一个数字，例如 1.5。</translation>
    </message>
    <message>
        <source>Give 0, or seconds from {least} to {most}.</source>
        <translation>请填写 0，或 {least} 到 {most} 之间的秒数。</translation>
    </message>
    <message>
        <source>Give it a value, or reset it.</source>
        <translation>请给出值，或重置它。</translation>
    </message>
    <message>
        <source>{others} or {last}</source>
        <translation>{others} 或 {last}</translation>
    </message>
    <message>
        <source>Give true or false.</source>
        <translation>请填写 true 或 false。</translation>
    </message>
    <message>
        <source>Give a text, in quotation marks.</source>
        <translation>请填写文字，并加引号。</translation>
    </message>
    <message>
        <source>Give a list of texts.</source>
        <translation>请填写文字的列表。</translation>
    </message>
    <message>
        <source>Give a table of names and values.</source>
        <translation>请填写由名称和值组成的表。</translation>
    </message>
    <message>
        <source>It has no value.</source>
        <translation>它没有值。</translation>
    </message>
    <message>
        <source>There is nothing of this name.</source>
        <translation>没有这个名称的项目。</translation>
    </message>
    <message>
        <source>Give `auto` alone, or languages that Whisper knows, separated by commas. {hint}</source>
        <translation>请只写 `auto`，或写 Whisper 认识的语言，用逗号分隔。{hint}</translation>
    </message>
    <message>
        <source>Give a layout and its languages, such as cz=cs or ch=de/fr, not {entry}.</source>
        <translation>请写布局及其语言，如 cz=cs 或 ch=de/fr，而不是 {entry}。</translation>
    </message>
    <message>
        <source>{entry} has a language that Whisper does not know. {hint}</source>
        <translation>{entry} 中有 Whisper 不认识的语言。{hint}</translation>
    </message>
    <message>
        <source>Name the layout {name} once.</source>
        <translation>布局 {name} 只能写一次。</translation>
    </message>
    <message>
        <source>Use codes such as en, de or zh.</source>
        <translation>请使用如 en、de 或 zh 的代码。</translation>
    </message>
    <message>
        <source>Give an address such as https://example.org/v1.</source>
        <translation>请给出如 https://example.org/v1 的地址。</translation>
    </message>
    <message>
        <source>Keep the key out of the address: `intone key set` takes it.</source>
        <translation>地址中不要放密钥：请用 `intone key set`。</translation>
    </message>
    <message>
        <source>Give a port from 1 to 65535.</source>
        <translation>请给出 1 到 65535 之间的端口。</translation>
    </message>
    <message>
        <source>Give an address that begins with https://, or none.</source>
        <translation>请给出以 https:// 开头的地址，或留空。</translation>
    </message>
    <message>
        <source>{form} Or give `{local}`, for a model on this machine.</source>
        <translation>{form}或填 `{local}`，表示本机的模型。</translation>
    </message>
    <message>
        <source>Give the line of the public key that begins with RW, or none.</source>
        <translation>请给出公钥中以 RW 开头的那一行，或留空。</translation>
    </message>
    <message>
        <source>Close every quotation mark of the command.</source>
        <translation>请把命令中的每个引号都写完整。</translation>
    </message>
    <message>
        <source>Give rules of polish, separated by commas: {names}.</source>
        <translation>请给出润色规则，用逗号分隔：{names}。</translation>
    </message>
    <message>
        <source>There is no local model.</source>
        <translation>没有本机模型。</translation>
    </message>
    <message>
        <source>Install one: intone models pull base</source>
        <translation>请安装一个：intone models pull base</translation>
    </message>
    <message>
        <source>The local engine answers.</source>
        <translation>由本机引擎回答。</translation>
    </message>
    <message>
        <source>{service} did not answer in {seconds} s.</source>
        <translation>{service} 在 {seconds} 秒内没有回答。</translation>
    </message>
    <message>
        <source>What you said is kept. Try again.</source>
        <translation>您说的内容已保留。请再试一次。</translation>
    </message>
    <message>
        <source>Nothing was kept. Try again.</source>
        <translation>什么都没有保留。请再试。</translation>
    </message>
    <message>
        <source>{service} heard nothing, and the local engine did not answer in {seconds} s.</source>
        <translation>{service} 什么也没听到，本机引擎在 {seconds} 秒内没有回答。</translation>
    </message>
    <message>
        <source>{engine} heard nothing.</source>
        <translation>{engine} 什么也没听到。</translation>
    </message>
    <message>
        <source>The engine heard nothing.</source>
        <translation>引擎什么也没听到。</translation>
    </message>
    <message>
        <source>The recording is kept; try again.</source>
        <translation>录音已保留；请再试。</translation>
    </message>
    <message>
        <source>Nothing was kept; try again.</source>
        <translation>什么都没有保留；请再试一次。</translation>
    </message>
    <message>
        <source>The speech model stopped twice while transcribing.</source>
        <translation>语音模型在转写时两次停止。</translation>
    </message>
    <message>
        <source>The recording is kept. Try a smaller model, or free some memory.</source>
        <translation>录音已保留。请试用较小的模型，或释放一些内存。</translation>
    </message>
    <message>
        <source>Nothing was kept. Try a smaller model, or free some memory.</source>
        <translation>什么都没有保留。请试用较小的模型，或释放一些内存。</translation>
    </message>
    <message>
        <source>Try a smaller model, or free some memory.</source>
        <translation>请试用较小的模型，或释放一些内存。</translation>
    </message>
    <message>
        <source>The model was closed while it was loading.</source>
        <translation>模型在加载时被关闭了。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>The speech model could not transcribe this: {reason}.</source>
        <translation>语音模型无法转写这段：{reason}。</translation>
    </message>
    <message>
        <source>The model {name} cannot be loaded: {reason}.</source>
        <translation>无法加载模型 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Fetch it again with `intone models pull {name}`, or choose a smaller one.</source>
        <translation>用 `intone models pull {name}` 重新下载，或选择较小的。</translation>
    </message>
    <message>
        <source>The model {name} cannot be loaded: its process ended.</source>
        <translation>无法加载模型 {name}：它的进程已结束。</translation>
    </message>
    <message>
        <source>Install Intone again, or choose a Whisper model.</source>
        <translation>请重新安装 Intone，或选择一个 Whisper 模型。</translation>
    </message>
    <message>
        <source>its library transcribe-cpp is missing or does not fit ({error})</source>
        <translation>它的库 transcribe-cpp 缺失或版本不符（{error}）</translation>
    </message>
    <message>
        <source>its library failed ({error})</source>
        <translation>它的库出错（{error}）</translation>
    </message>
    <message>
        <source>its file is damaged or of another kind</source>
        <translation>它的文件已损坏，或不是这种文件</translation>
    </message>
    <message>
        <source>there is too little memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>The graphics card is not used, and the processor transcribes: {reason}.</source>
        <translation>未使用显卡，由处理器转写：{reason}。</translation>
    </message>
    <message>
        <source>Install the card&apos;s Vulkan driver and restart Intone, or choose another model in the settings.</source>
        <translation>请安装显卡的 Vulkan 驱动程序并重新启动 Intone，或在设置中选择另一个模型。</translation>
    </message>
    <message>
        <source>The graphics card is not used, and the processor transcribes: the card&apos;s driver failed.</source>
        <translation>未使用显卡，由处理器转写：显卡的驱动程序出错。</translation>
    </message>
    <message>
        <source>Update the card&apos;s Vulkan driver and restart Intone, or choose another model in the settings.</source>
        <translation>请更新显卡的 Vulkan 驱动程序并重新启动 Intone，或在设置中选择另一个模型。</translation>
    </message>
    <message>
        <source>Vulkan finds no card with a driver, or the driver failed</source>
        <translation>Vulkan 找不到有驱动程序的显卡，或驱动程序出错</translation>
    </message>
    <message>
        <source>CUDA failed: {reason}.</source>
        <translation>CUDA 失败：{reason}。</translation>
    </message>
    <message>
        <source>cuBLAS is not installed</source>
        <translation>未安装 cuBLAS</translation>
    </message>
    <message>
        <source>cuBLAS cannot be loaded ({error})</source>
        <translation>无法加载 cuBLAS（{error}）</translation>
    </message>
    <message>
        <source>the driver offers no card that can be used</source>
        <translation>驱动程序没有提供可用的显卡</translation>
    </message>
    <message>
        <source>it did not answer any more</source>
        <translation>它不再回应</translation>
    </message>
    <message>
        <source>its answer made no sense</source>
        <translation>它的回答无法理解</translation>
    </message>
    <message>
        <source>CUDA failed: the process ended.</source>
        <translation>CUDA 失败：进程已结束。</translation>
    </message>
    <message>
        <source>{service} heard nothing.</source>
        <translation>{service} 什么也没听到。</translation>
    </message>
    <message>
        <source>{service} sent much less text.</source>
        <translation>{service} 返回的文字少得多。</translation>
    </message>
    <message>
        <source>Used the local text.</source>
        <translation>用了本机的文字。</translation>
    </message>
    <message>
        <source>{name} does not know the language that is spoken here ({languages}).</source>
        <translation>{name} 不支持这里所说的语言（{languages}）。</translation>
    </message>
    <message>
        <source>Sent the whole recording instead.</source>
        <translation>改为发送整段录音。</translation>
    </message>
    <message>
        <source>Nothing here knows emotions in {language} or with this model.</source>
        <translation>这里不能识别{language}的语气，或此模型不支持。</translation>
    </message>
    <message>
        <source>this language</source>
        <translation>这种语言</translation>
    </message>
    <message>
        <source>Nothing was said that could express anything.</source>
        <translation>没有说出能表达语气的内容。</translation>
    </message>
    <message>
        <source>The language model did not answer in {seconds} s.</source>
        <translation>语言模型在 {seconds} 秒内没有回答。</translation>
    </message>
    <message>
        <source>The language model&apos;s answer was none.</source>
        <translation>语言模型没有给出回答。</translation>
    </message>
    <message>
        <source>Judged on this machine.</source>
        <translation>已在本机判断。</translation>
    </message>
    <message>
        <source>{word} cannot be listened for.</source>
        <translation>{word} 不能作为留意的词。</translation>
    </message>
    <message>
        <source>A word has a letter or a digit, no comma, and at most 100 characters.</source>
        <translation>词要有字母或数字，没有逗号，最多 100 个字符。</translation>
    </message>
    <message>
        <source>{heard} cannot be kept: {reason}.</source>
        <translation>无法保留 {heard}：{reason}。</translation>
    </message>
    <message>
        <source>what is heard is a few words, at most {limit} characters</source>
        <translation>听到的应是几个词，最多 {limit} 个字符</translation>
    </message>
    <message>
        <source>what is written for it is a text of at most {limit} characters</source>
        <translation>写出的应是最多 {limit} 个字符的文字</translation>
    </message>
    <message>
        <source>What is heard is a few words, at most {limit} characters.</source>
        <translation>听到的应是几个词，最多 {limit} 个字符。</translation>
    </message>
    <message>
        <source>What is written for it is a text of at most {limit} characters.</source>
        <translation>写出的应是最多 {limit} 个字符的文字。</translation>
    </message>
    <message>
        <source>{problem} None of it is used.</source>
        <translation>{problem}全部没有采用。</translation>
    </message>
    <message>
        <source>{file}: there is no section {section}.</source>
        <translation>{file}：没有 {section} 这一节。</translation>
    </message>
    <message>
        <source>{where} must be a table of &quot;heard&quot; = &quot;written&quot;.</source>
        <translation>{where} 必须是“听到”=“写成”的表。</translation>
    </message>
    <message>
        <source>{file}: {section}: {heard} is left out: {reason}.</source>
        <translation>{file}：{section}：{heard} 被略去：{reason}。</translation>
    </message>
    <message>
        <source>it is there twice</source>
        <translation>它出现了两次</translation>
    </message>
    <message>
        <source>{path} is too large for a vocabulary.</source>
        <translation>{path} 作为词汇表太大。</translation>
    </message>
    <message>
        <source>Take out what is no vocabulary, or take it in by parts: 1 MB at most at a time.</source>
        <translation>请去掉不是词汇的内容，或分几次导入：每次最多 1 MB。</translation>
    </message>
    <message>
        <source>{path} is not text in UTF-8.</source>
        <translation>{path} 不是 UTF-8 文本。</translation>
    </message>
    <message>
        <source>Save it so, and import it again.</source>
        <translation>请如此保存，再导入。</translation>
    </message>
    <message>
        <source>Mend it and import it again.</source>
        <translation>请修正后再导入。</translation>
    </message>
    <message>
        <source>The vocabulary cannot be exported as {name}.</source>
        <translation>词汇表无法导出为 {name}。</translation>
    </message>
    <message>
        <source>{file}, line {line}: {reason}. What comes after it is not read.</source>
        <translation>{file}，第 {line} 行：{reason}。之后的内容没有读取。</translation>
    </message>
    <message>
        <source>{where}: {kind} is none of {kinds}.</source>
        <translation>{where}：{kind} 不是 {kinds} 之一。</translation>
    </message>
    <message>
        <source>{path} holds nothing to take in.</source>
        <translation>{path} 中没有可导入的内容。</translation>
    </message>
    <message>
        <source>The clipboard could not be read.</source>
        <translation>无法读取剪贴板。</translation>
    </message>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source> and </source>
        <translation>、</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>Start the service “Credential Manager” (services.msc), and try again.</source>
        <translation>请启动服务“Credential Manager”（services.msc），然后重试。</translation>
    </message>
    <message>
        <source>Sign in to Windows as the user who encrypted it; if the key is lost, move history.sealed.db and history.seal away to begin a new history.</source>
        <translation>请以加密它的用户登录 Windows；如果密钥已丢失，请移走 history.sealed.db 和 history.seal，以便开始新的历史。</translation>
    </message>
    <message>
        <source>Take their permissions away (Properties, Security), or set INTONE_HOME to a folder inside your user folder.</source>
        <translation>请取消他们的权限（“属性”的“安全”页），或把 INTONE_HOME 设为您用户文件夹内的文件夹。</translation>
    </message>
    <message>
        <source>Install Intone again.</source>
        <translation>请重新安装 Intone。</translation>
    </message>
    <message>
        <source>Start Intone again. If that does not help, start Windows again.</source>
        <translation>请重新启动 Intone。如果没有用，请重新启动 Windows。</translation>
    </message>
    <message>
        <source>Start it from the Start menu, or with `intone`.</source>
        <translation>请从“开始”菜单启动，或使用 `intone`。</translation>
    </message>
    <message>
        <source>Intone is not running; start it from the Start menu, or with: intone</source>
        <translation>Intone 没有运行；请从“开始”菜单启动，或使用：intone</translation>
    </message>
    <message>
        <source>Sign in there and quit it.</source>
        <translation>请登录到那里并退出它。</translation>
    </message>
    <message>
        <source>Check whether you may write there, and the disk.</source>
        <translation>请检查您是否可以写入那里，并检查磁盘。</translation>
    </message>
    <message>
        <source>Intone cannot be made to start when you sign in.</source>
        <translation>无法让 Intone 在您登录时启动。</translation>
    </message>
    <message>
        <source>Run the installer of the add-on intone-{extra}, which is beside Intone&apos;s own.</source>
        <translation>请运行附加组件 intone-{extra} 的安装程序，它与 Intone 的安装程序放在一起。</translation>
    </message>
    <message>
        <source>Install Intone with it: `uv tool install .[{extra}]` in the folder of its source.</source>
        <translation>请连同它一起安装 Intone：在源代码文件夹中运行 `uv tool install .[{extra}]`。</translation>
    </message>
    <message>
        <source>This measurement needs {package}, which is not installed.</source>
        <translation>此测量需要 {package}，但它没有安装。</translation>
    </message>
    <message>
        <source>Install Intone with it: `uv tool install .[bench]` in the folder of its source.</source>
        <translation>请连同它一起安装 Intone：在源代码文件夹中运行 `uv tool install .[bench]`。</translation>
    </message>
    <message>
        <source>Mend the link, or connect the drive that it leads to.</source>
        <translation>请修复该链接，或连接它指向的驱动器。</translation>
    </message>
    <message>
        <source>{key} belongs to Windows, which may not give it, or no longer does what it did.</source>
        <translation>{key} 属于 Windows：它可能不给出此键，或不再执行原来的功能。</translation>
    </message>
    <message>
        <source>See whether another program holds it and whether Windows&apos; privacy settings allow it, or choose another microphone in the settings.</source>
        <translation>请看看是否有其他程序占用它、Windows 的隐私设置是否允许使用它，或在设置中选择其他麦克风。</translation>
    </message>
    <message>
        <source>Is it muted at its switch, shut off in Windows&apos; privacy settings, or the wrong one?</source>
        <translation>是它的开关静音了、在 Windows 的隐私设置中被关闭了，还是选错了？</translation>
    </message>
    <message>
        <source>Windows&apos; sound does not answer.</source>
        <translation>Windows 的声音服务没有回应。</translation>
    </message>
    <message>
        <source>Windows&apos; sound gives an answer that makes no sense.</source>
        <translation>Windows 的声音服务的回答无法理解。</translation>
    </message>
    <message>
        <source>Windows&apos; sound stopped.</source>
        <translation>Windows 的声音服务已停止。</translation>
    </message>
    <message>
        <source>Windows&apos; sound did not answer for {seconds} s.</source>
        <translation>Windows 的声音服务有 {seconds} 秒没有回应。</translation>
    </message>
    <message>
        <source>Is there a loudspeaker, and is it turned up?</source>
        <translation>有扬声器吗？音量打开了吗？</translation>
    </message>
    <message>
        <source>Install the card&apos;s newest driver and restart Intone, or choose another model in the settings.</source>
        <translation>请安装显卡的最新驱动程序并重新启动 Intone，或在设置中选择其他模型。</translation>
    </message>
    <message>
        <source>Take their permissions away (Properties, Security), or keep the key in Windows&apos; Credential Manager with `intone key set {name}`.</source>
        <translation>请取消他们的权限（“属性”的“安全”页），或用 `intone key set {name}` 把密钥存入 Windows 凭据管理器。</translation>
    </message>
    <message>
        <source>Windows&apos; Credential Manager does not answer, so keys cannot be kept in it.</source>
        <translation>Windows 凭据管理器没有回应，因此无法在其中保存密钥。</translation>
    </message>
    <message>
        <source>Start the service “Credential Manager” (services.msc); or set {variable}, or keep the key unencrypted: intone key set {name} --plain</source>
        <translation>请启动服务“Credential Manager”（services.msc）；或设置 {variable}，或不加密地保存密钥：intone key set {name} --plain</translation>
    </message>
    <message>
        <source>Windows&apos; Credential Manager does not open.</source>
        <translation>Windows 凭据管理器打不开。</translation>
    </message>
    <message>
        <source>Sign in to Windows again; or set {variable}, or keep the key unencrypted: intone key set {name} --plain</source>
        <translation>请重新登录 Windows；或设置 {variable}，或不加密地保存密钥：intone key set {name} --plain</translation>
    </message>
    <message>
        <source>Sign in to Windows again, and try again.</source>
        <translation>请重新登录 Windows，然后重试。</translation>
    </message>
    <message>
        <source>Windows&apos; Credential Manager does not work ({error}).</source>
        <translation>Windows 凭据管理器不可用（{error}）。</translation>
    </message>
    <message>
        <source>Windows&apos; Credential Manager did not keep the key.</source>
        <translation>Windows 凭据管理器没有保存密钥。</translation>
    </message>
    <message>
        <source>Windows&apos; Credential Manager</source>
        <translation>Windows 凭据管理器</translation>
    </message>
    <message>
        <source>Other users of this machine may read {paths}.</source>
        <translation>这台机器的其他用户可能读取 {paths}。</translation>
    </message>
    <message>
        <source>Other users of this machine may read {paths}, and more.</source>
        <translation>这台机器的其他用户可能读取 {paths} 及其他文件。</translation>
    </message>
    <message>
        <source>Copy it back from a backup, or remove it: the key in Windows&apos; Credential Manager is then tried.</source>
        <translation>请从备份中复制回来，或将其删除：之后会试用 Windows 凭据管理器中的密钥。</translation>
    </message>
    <message>
        <source>The history is encrypted, and Windows&apos; Credential Manager does not answer yet.</source>
        <translation>历史已加密，而 Windows 凭据管理器还没有回应。</translation>
    </message>
    <message>
        <source>What you say meanwhile is kept as soon as it does.</source>
        <translation>您在此期间说的话会在它回应后保存。</translation>
    </message>
    <message>
        <source>Nothing was kept; say it again once it does.</source>
        <translation>什么都没有保存；请在它回应后再说一遍。</translation>
    </message>
    <message>
        <source>Try again once it does.</source>
        <translation>请在它回应后重试。</translation>
    </message>
    <message>
        <source>The history is encrypted, and its key is not in Windows&apos; Credential Manager.</source>
        <translation>历史已加密，而它的密钥不在 Windows 凭据管理器中。</translation>
    </message>
    <message>
        <source>The history is encrypted, and Windows&apos; Credential Manager has another key.</source>
        <translation>历史已加密，而 Windows 凭据管理器中是另一把密钥。</translation>
    </message>
    <message>
        <source>Windows&apos; Credential Manager has no key under intone/history, but something else.</source>
        <translation>Windows 凭据管理器的 intone/history 下不是密钥，而是别的内容。</translation>
    </message>
    <message>
        <source>The history is encrypted, and the key in Windows&apos; Credential Manager does not open it.</source>
        <translation>历史已加密，而 Windows 凭据管理器中的密钥打不开它。</translation>
    </message>
    <message>
        <source>Start Intone again. If it stays so, start the service “Credential Manager” (services.msc).</source>
        <translation>请重新启动 Intone。如果仍然如此，请启动服务“Credential Manager”（services.msc）。</translation>
    </message>
    <message>
        <source>On, and its key is in Windows&apos; Credential Manager</source>
        <translation>已开启，密钥在 Windows 凭据管理器中</translation>
    </message>
    <message>
        <source>Windows does not let desktop apps use the microphone.</source>
        <translation>Windows 不允许桌面应用使用麦克风。</translation>
    </message>
    <message>
        <source>Open this page of Windows&apos; settings, and allow the microphone to apps and to desktop apps:
start ms-settings:privacy-microphone</source>
        <translation>请打开 Windows 设置的这一页，允许应用和桌面应用使用麦克风：
start ms-settings:privacy-microphone</translation>
    </message>
    <message>
        <source>The microphone is switched off for all users of this computer.</source>
        <translation>这台计算机的所有用户都被禁止使用麦克风。</translation>
    </message>
    <message>
        <source>An administrator can switch it on, on this page of Windows&apos; settings:
start ms-settings:privacy-microphone</source>
        <translation>管理员可以在 Windows 设置的这一页打开它：
start ms-settings:privacy-microphone</translation>
    </message>
    <message>
        <source>Windows lets desktop apps use the microphone</source>
        <translation>Windows 允许桌面应用使用麦克风</translation>
    </message>
    <message>
        <source>Libraries of Microsoft&apos;s C++ are missing ({names}), so the speech model cannot be loaded.</source>
        <translation>缺少微软的 C++ 库（{names}），因此无法加载语音模型。</translation>
    </message>
    <message>
        <source>Install Microsoft&apos;s Visual C++ Redistributable by this command, or Intone again:
winget install Microsoft.VCRedist.2015+.x64</source>
        <translation>请用此命令安装微软的 Visual C++ 可再发行程序包，或重新安装 Intone：
winget install Microsoft.VCRedist.2015+.x64</translation>
    </message>
    <message>
        <source>Microsoft&apos;s C++ libraries are here</source>
        <translation>微软的 C++ 库已就绪</translation>
    </message>
    <message>
        <source>Windows lets Intone hear {names}</source>
        <translation>Windows 允许 Intone 听到 {names}</translation>
    </message>
    <message>
        <source>{name} holds the clipboard open, so no text can be put into windows.</source>
        <translation>{name} 占用着剪贴板，因此无法把文字放入窗口。</translation>
    </message>
    <message>
        <source>Wait for it, or close it.</source>
        <translation>请等它结束，或关闭它。</translation>
    </message>
    <message>
        <source>The clipboard answers, and all windows take keys</source>
        <translation>剪贴板有回应，所有窗口都接受按键</translation>
    </message>
    <message>
        <source>The clipboard answers, and windows take keys, but for those that run as administrator</source>
        <translation>剪贴板有回应，除以管理员身份运行的窗口外都接受按键</translation>
    </message>
    <message>
        <source>Off: Windows keeps only what was copied last</source>
        <translation>已关闭：Windows 只保留最后复制的内容</translation>
    </message>
    <message>
        <source>On (Win+V): Intone asks Windows to keep its texts out of it</source>
        <translation>已开启（Win+V）：Intone 会请 Windows 不要记录它的文字</translation>
    </message>
    <message>
        <source>Windows sends what you copy to your other devices; Intone asks it to leave its texts out</source>
        <translation>Windows 会把您复制的内容发送到您的其他设备；Intone 会请它不要发送自己的文字</translation>
    </message>
    <message>
        <source>The taskbar shows the icon, or has it behind the arrow beside the clock</source>
        <translation>任务栏会显示图标，或把它收在时钟旁的箭头后面</translation>
    </message>
    <message>
        <source>No taskbar is here to show the icon.</source>
        <translation>这里没有可显示图标的任务栏。</translation>
    </message>
    <message>
        <source>Restart Windows Explorer in the Task Manager.</source>
        <translation>请在任务管理器中重新启动 Windows 资源管理器。</translation>
    </message>
    <message>
        <source>Off, as in the settings</source>
        <translation>已关闭，与设置一致</translation>
    </message>
    <message>
        <source>Intone starts when you sign in</source>
        <translation>Intone 会在您登录时启动</translation>
    </message>
    <message>
        <source>Windows starts {path} when you sign in, though the settings do not ask for it.</source>
        <translation>Windows 会在您登录时启动 {path}，但设置中并没有要求。</translation>
    </message>
    <message>
        <source>Switch that on and off again in the settings.</source>
        <translation>请在设置中把它打开后再关闭。</translation>
    </message>
    <message>
        <source>The settings have Intone start when you sign in, but Windows does not know of it.</source>
        <translation>按设置 Intone 应在您登录时启动，但 Windows 中没有登记。</translation>
    </message>
    <message>
        <source>Switch that off and on again in the settings.</source>
        <translation>请在设置中把它关闭后再打开。</translation>
    </message>
    <message>
        <source>The settings have Intone start when you sign in, but the Task Manager stops it.</source>
        <translation>按设置 Intone 应在您登录时启动，但任务管理器禁用了它。</translation>
    </message>
    <message>
        <source>Enable Intone in the Task Manager, under Startup apps.</source>
        <translation>请在任务管理器的“启动应用”中启用 Intone。</translation>
    </message>
    <message>
        <source>Windows starts {path} when you sign in, which is not there any more.</source>
        <translation>Windows 会在您登录时启动 {path}，但它已不存在。</translation>
    </message>
    <message>
        <source>They lie in your user folder, which Windows keeps closed to other users</source>
        <translation>它们在您的用户文件夹中，Windows 不让其他用户进入</translation>
    </message>
    <message>
        <source>The access lists of their folders keep other users out</source>
        <translation>它们所在文件夹的访问权限不让其他用户进入</translation>
    </message>
    <message>
        <source>Other users of this computer have access to {folder}.</source>
        <translation>这台电脑的其他用户可以访问 {folder}。</translation>
    </message>
    <message>
        <source>Take it away from them in the folder&apos;s Properties, Security, or set INTONE_HOME to a new folder.</source>
        <translation>请在该文件夹的“属性”、“安全”中取消他们的权限，或将 INTONE_HOME 设为一个新文件夹。</translation>
    </message>
    <message>
        <source>Other users of this computer may be able to read {folder}.</source>
        <translation>这台计算机的其他用户也许能读取 {folder}。</translation>
    </message>
    <message>
        <source>It is not in your user folder. Set INTONE_HOME to a folder there, or look at Properties, Security.</source>
        <translation>它不在您的用户文件夹中。请把 INTONE_HOME 设为那里的文件夹，或查看“属性”的“安全”页。</translation>
    </message>
    <message>
        <source>All paths are short enough for Windows</source>
        <translation>所有路径对 Windows 来说都够短</translation>
    </message>
    <message>
        <source>Windows allows long paths</source>
        <translation>Windows 允许长路径</translation>
    </message>
    <message>
        <source>Paths below {folder} are longer than the 259 characters that Windows allows.</source>
        <translation>{folder} 下的路径超过了 Windows 允许的 259 个字符。</translation>
    </message>
    <message>
        <source>Set INTONE_HOME to a folder with a shorter path, or allow long ones by this command as administrator:
reg add HKLM\SYSTEM\CurrentControlSet\Control\FileSystem /v LongPathsEnabled /t REG_DWORD /d 1 /f</source>
        <translation>请把 INTONE_HOME 设为路径更短的文件夹，或以管理员身份用此命令允许长路径：
reg add HKLM\SYSTEM\CurrentControlSet\Control\FileSystem /v LongPathsEnabled /t REG_DWORD /d 1 /f</translation>
    </message>
    <message>
        <source>The command after a dictation did not start: {reason}.</source>
        <translation>听写后的命令没有启动：{reason}。</translation>
    </message>
    <message>
        <source>Mend it: `intone settings set hooks.after`.</source>
        <translation>请修正它：`intone settings set hooks.after`。</translation>
    </message>
    <message>
        <source>The command after a dictation was ended after {seconds} s.</source>
        <translation>听写后的命令在 {seconds} 秒后被结束。</translation>
    </message>
    <message>
        <source>`hooks.timeout_s` gives it more time.</source>
        <translation>`hooks.timeout_s` 可以给它更多时间。</translation>
    </message>
    <message>
        <source>The command after a dictation failed with status {status}.</source>
        <translation>听写后的命令失败，状态为 {status}。</translation>
    </message>
    <message>
        <source>The text is in its window all the same.</source>
        <translation>文字仍然已在窗口中。</translation>
    </message>
    <message>
        <source>{program} has the words. They went into no window.</source>
        <translation>{program} 得到了这些文字，它们没有进入任何窗口。</translation>
    </message>
    <message>
        <source>The program that asked no longer waits.</source>
        <translation>提问的程序已不再等待。</translation>
    </message>
    <message>
        <source>Nothing that is said in private mode or to a private field is given to programs.</source>
        <translation>在隐私模式下或对隐私字段说的话不会交给任何程序。</translation>
    </message>
</context>
<context>
    <name>models</name>
    <message>
        <source>{0} GB</source>
        <translation>{0} GB</translation>
    </message>
    <message>
        <source>{0} MB</source>
        <translation>{0} MB</translation>
    </message>
    <message>
        <source>about {0} of memory</source>
        <translation>约 {0} 内存</translation>
    </message>
    <message>
        <source>many languages</source>
        <translation>多种语言</translation>
    </message>
    <message>
        <source>{0} only</source>
        <translation>仅{0}</translation>
    </message>
    <message>
        <source>{0} languages</source>
        <translation>{0} 种语言</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>lowest</source>
        <translation>最低</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>一般</translation>
    </message>
    <message>
        <source>good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>very good</source>
        <translation>很好</translation>
    </message>
    <message>
        <source>best</source>
        <translation>最好</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>slower than speech</source>
        <translation>慢于说话</translation>
    </message>
    <message>
        <source>{0} times speech</source>
        <translation>说话速度的 {0} 倍</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Checking every byte</source>
        <translation>正在检查每个字节</translation>
    </message>
    <message>
        <source>Paused at {0}</source>
        <translation>暂停在 {0}</translation>
    </message>
    <message>
        <source>Looking for it</source>
        <translation>正在查找</translation>
    </message>
    <message>
        <source>{0} MB/s</source>
        <translation>{0} MB/s</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>剩余 {0}</translation>
    </message>
</context>
<context>
    <name>mood</name>
    <message>
        <source>Over time</source>
        <translation>随时间</translation>
    </message>
    <message>
        <source>By day</source>
        <translation>按天</translation>
    </message>
    <message>
        <source>By hour</source>
        <translation>按小时</translation>
    </message>
    <message>
        <source>By application</source>
        <translation>按应用</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>dictations</source>
        <translation>次听写</translation>
    </message>
    <message>
        <source>words</source>
        <translation>词</translation>
    </message>
    <message>
        <source>words a minute</source>
        <translation>词/分钟</translation>
    </message>
    <message>
        <source>saved over typing</source>
        <translation>比打字省下</translation>
    </message>
    <message>
        <source>days in a row, at most {0}</source>
        <translation>连续天数，最多 {0}</translation>
    </message>
    <message>
        <source>How it sounds is listened for from your next dictation on.</source>
        <translation>从下一次听写起，会留意听起来如何。</translation>
    </message>
    <message>
        <source>Emotion is off. Turn it on in the settings, and how it sounds will be here.</source>
        <translation>语气识别已关闭。在设置中打开后，这里会显示听起来如何。</translation>
    </message>
    <message>
        <source>So few say little.</source>
        <translation>数量太少，说明不了什么。</translation>
    </message>
    <message>
        <source>Not sure about {0} of {1}.</source>
        <translation>{1} 次中有 {0} 次不确定。</translation>
    </message>
    <message>
        <source>You corrected {0}.</source>
        <translation>您更正了 {0} 次。</translation>
    </message>
    <message>
        <source>Your voice is still calibrating: for now the words decide.</source>
        <translation>您的声音仍在校准：目前由文字决定。</translation>
    </message>
    <message>
        <source>Emotion is off, so nothing new is added.</source>
        <translation>语气识别已关闭，不会再添加新内容。</translation>
    </message>
    <message>
        <source>pleasant</source>
        <translation>愉快</translation>
    </message>
    <message>
        <source>unpleasant</source>
        <translation>不愉快</translation>
    </message>
    <message>
        <source>lively</source>
        <translation>活跃</translation>
    </message>
    <message>
        <source>calm</source>
        <translation>平静</translation>
    </message>
    <message>
        <source>How you sounded week by week, and the line around which that moves.</source>
        <translation>每周听起来如何，以及它围绕变化的中线。</translation>
    </message>
    <message>
        <source>How you sounded day by day, and the line around which that moves.</source>
        <translation>每天听起来如何，以及它围绕变化的中线。</translation>
    </message>
    <message>
        <source>Heard</source>
        <translation>听到</translation>
    </message>
    <message>
        <source>Pleasant</source>
        <translation>愉快</translation>
    </message>
    <message>
        <source>Lively</source>
        <translation>活跃</translation>
    </message>
    <message>
        <source>How many dictations sounded like what, week by week.</source>
        <translation>每周有多少次听写听起来是什么语气。</translation>
    </message>
    <message>
        <source>How many dictations sounded like what, day by day.</source>
        <translation>每天有多少次听写听起来是什么语气。</translation>
    </message>
    <message>
        <source>When you spoke, by the clock where you were, and how it sounded.</source>
        <translation>您在当地什么时间说话，以及听起来如何。</translation>
    </message>
    <message>
        <source>Hour</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>{0} others</source>
        <translation>其他 {0} 个</translation>
    </message>
    <message>
        <source>Where you spoke into, and how it sounded there.</source>
        <translation>您说给哪些应用，以及在那里听起来如何。</translation>
    </message>
    <message>
        <source>Application</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>typing: {0}</source>
        <translation>打字：{0}</translation>
    </message>
    <message>
        <source>Dictations</source>
        <translation>听写</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>词汇</translation>
    </message>
    <message>
        <source>Seconds of speech</source>
        <translation>语音秒数</translation>
    </message>
    <message>
        <source>Words a minute</source>
        <translation>每分钟词数</translation>
    </message>
    <message>
        <source>How fast you speak, pauses included. In Chinese and its like two characters are a word. Time is saved against typing {0} words a minute, waiting included.</source>
        <translation>您说话的速度，含停顿。中文等语言中两个字算一个词。节省的时间按每分钟打 {0} 个词计算，已计入等待。</translation>
    </message>
    <message>
        <source>Release to text</source>
        <translation>松开到出字</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>half of the time</source>
        <translation>一半情况</translation>
    </message>
    <message>
        <source>95 times of 100</source>
        <translation>100 次中 95 次</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Half within (ms)</source>
        <translation>一半在此之内（毫秒）</translation>
    </message>
    <message>
        <source>95 of 100 within (ms)</source>
        <translation>100 次中 95 次在此之内（毫秒）</translation>
    </message>
    <message>
        <source>How long you wait once the key is up. Recognition runs while you speak, so it may take longer.</source>
        <translation>松开按键后的等待时间。识别在您说话时进行，所以它本身可能更长。</translation>
    </message>
    <message>
        <source>No wait was measured in this time.</source>
        <translation>这段时间没有测到等待。</translation>
    </message>
    <message>
        <source>An expression heard, not a feeling known.</source>
        <translation>这是听到的语气，不是已知的感受。</translation>
    </message>
    <message>
        <source>Week from</source>
        <translation>起始周</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
</context>
<context>
    <name>pill</name>
    <message>
        <source>Opening the microphone</source>
        <translation>正在打开麦克风</translation>
    </message>
    <message>
        <source>You are not muted: calls hear you.</source>
        <translation>您未静音：通话听得到您。</translation>
    </message>
    <message>
        <source>They were not muted this time. Mute yourself there.</source>
        <translation>这次没能静音。请在通话程序里自行静音。</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>正在聆听</translation>
    </message>
    <message>
        <source>Expression: on</source>
        <translation>语气：开</translation>
    </message>
    <message>
        <source>Expression: off</source>
        <translation>语气：关</translation>
    </message>
    <message>
        <source>Intone {0} is installed.</source>
        <translation>已安装 Intone {0}。</translation>
    </message>
    <message>
        <source>It starts by itself once you have not dictated for a while.</source>
        <translation>您一段时间没有听写后，它会自动启动。</translation>
    </message>
    <message>
        <source>Leave {0} as it is?</source>
        <translation>以后“{0}”都保持原样吗？</translation>
    </message>
    <message>
        <source>Learn {0} for {1}?</source>
        <translation>以后把“{1}”写成“{0}”吗？</translation>
    </message>
    <message>
        <source>Mute you in {0} while you dictate?</source>
        <translation>听写时在 {0} 中将您静音吗？</translation>
    </message>
    <message>
        <source>It heard this dictation. The settings have it too: In a call.</source>
        <translation>它听到了这次听写。设置里也有这一项：“通话时”。</translation>
    </message>
    <message>
        <source>Less than half a minute is left</source>
        <translation>剩下不到半分钟</translation>
    </message>
    <message>
        <source>Listening, paragraph by paragraph. Tap the key to end</source>
        <translation>正在逐段聆听。轻按按键结束</translation>
    </message>
    <message>
        <source>Listening. Tap the key to finish</source>
        <translation>正在听。再按一下按键即可结束</translation>
    </message>
    <message>
        <source>Replace {0} by {1}?</source>
        <translation>把“{0}”换成“{1}”？</translation>
    </message>
    <message>
        <source>Hold the same key and say yes.</source>
        <translation>按住同一个键，说“是”。</translation>
    </message>
    <message>
        <source>Which one? Hold the same key and say its number.</source>
        <translation>是哪一个？按住同一个键，说出第几个。</translation>
    </message>
    <message>
        <source>Which one? Hold the same key and say one, two or both.</source>
        <translation>是哪一处？按住同一个键，说“第一个”“第二个”或“都”。</translation>
    </message>
    <message>
        <source>Which one? Hold the same key and say its number, or all.</source>
        <translation>是哪一处？按住同一个键，说出第几个，或“全部”。</translation>
    </message>
    <message>
        <source>Words taken out</source>
        <translation>删去了词语</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was kept.</source>
        <translation>已取消。什么都没有保留。</translation>
    </message>
    <message>
        <source>Hands free · tap to end</source>
        <translation>免按键 · 轻按结束</translation>
    </message>
    <message>
        <source>Tap to finish</source>
        <translation>轻按结束</translation>
    </message>
    <message>
        <source>Muted in {0} programs</source>
        <translation>在 {0} 个程序中已静音</translation>
    </message>
    <message>
        <source>Muted in {0}</source>
        <translation>在 {0} 中已静音</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Learn</source>
        <translation>记住</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重新启动</translation>
    </message>
</context>
<context>
    <name>rules</name>
    <message>
        <source>pie torch</source>
        <translation>pie torch</translation>
    </message>
    <message>
        <source>PyTorch</source>
        <translation>PyTorch</translation>
    </message>
    <message>
        <source>Kuchera, spell it K U C E R A</source>
        <translation>我叫 Kuchera，拼写：K U C E R A</translation>
    </message>
    <message>
        <source>Kucera</source>
        <translation>我叫 Kucera</translation>
    </message>
    <message>
        <source>at two, no wait, three</source>
        <translation>周四，不对，周五开会</translation>
    </message>
    <message>
        <source>at three</source>
        <translation>周五开会</translation>
    </message>
    <message>
        <source>well done thumbs up emoji</source>
        <translation>太好了，竖大拇指表情</translation>
    </message>
    <message>
        <source>well done 👍</source>
        <translation>太好了👍</translation>
    </message>
    <message>
        <source>the the charger</source>
        <translation>我们我们走吧</translation>
    </message>
    <message>
        <source>the charger</source>
        <translation>我们走吧</translation>
    </message>
    <message>
        <source>um so</source>
        <translation>嗯，那好</translation>
    </message>
    <message>
        <source>so</source>
        <translation>那好</translation>
    </message>
    <message>
        <source>hello comma world</source>
        <translation>你好逗号世界</translation>
    </message>
    <message>
        <source>hello, world</source>
        <translation>你好，世界</translation>
    </message>
    <message>
        <source>get hub</source>
        <translation>打开 get hub</translation>
    </message>
    <message>
        <source>GitHub</source>
        <translation>打开 GitHub</translation>
    </message>
    <message>
        <source>at three thirty p m</source>
        <translation>百分之二十</translation>
    </message>
    <message>
        <source>at 3:30 p.m.</source>
        <translation>20%</translation>
    </message>
    <message>
        <source>number one milk number two eggs number three bread</source>
        <translation>清单：第一，牛奶，第二，鸡蛋，第三，面包</translation>
    </message>
    <message>
        <source>1. Milk
2. Eggs
3. Bread</source>
        <translation>清单：
1. 牛奶
2. 鸡蛋
3. 面包</translation>
    </message>
    <message>
        <source>yes , no</source>
        <translation>用Python写代码</translation>
    </message>
    <message>
        <source>yes, no</source>
        <translation>用 Python 写代码</translation>
    </message>
    <message>
        <source>hello there</source>
        <translation>今天下雨了</translation>
    </message>
    <message>
        <source>Hello there.</source>
        <translation>今天下雨了。</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Talk</source>
        <translation>说话</translation>
    </message>
    <message>
        <source>Hold it to speak, or tap it, speak, and tap again.</source>
        <translation>按住说话，或轻按一下、说话、再轻按。</translation>
    </message>
    <message>
        <source>Talk and send</source>
        <translation>说话并发送</translation>
    </message>
    <message>
        <source>Presses Return once the text has arrived.</source>
        <translation>文字到达后按回车。</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Select text, hold it, and say what a language model is to do.</source>
        <translation>选中文字，按住此键，说出要语言模型做什么。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Goes through your languages, one and then the next.</source>
        <translation>在您的语言之间依次切换。</translation>
    </message>
    <message>
        <source>Paste again</source>
        <translation>再次粘贴</translation>
    </message>
    <message>
        <source>Puts in what was said last.</source>
        <translation>输入上次说的内容。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Takes the last text out again, if nothing was typed since.</source>
        <translation>若之后没有打字，撤回上次的文字。</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>对调</translation>
    </message>
    <message>
        <source>Changes the last text for the words as spoken, and back.</source>
        <translation>把上次的文字换成原话，或换回来。</translation>
    </message>
    <message>
        <source>Off and on</source>
        <translation>关与开</translation>
    </message>
    <message>
        <source>A key for it: nothing is noted any more, or again. The tray can too.</source>
        <translation>一个按键：不再记录，或重新记录。托盘中也可以。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Talk until the next</source>
        <translation>说话直到下一次轻按</translation>
    </message>
    <message>
        <source>Two in a row lock</source>
        <translation>连按两次锁定</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>A short press</source>
        <translation>短按</translation>
    </message>
    <message>
        <source>Locks the talk key, so that it need not be held.</source>
        <translation>锁定说话键，不必一直按住。</translation>
    </message>
    <message>
        <source>Microphones</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>The first that is connected is heard. Where none of them is, the system&apos;s default is.</source>
        <translation>使用第一个已连接的麦克风；都未连接时，使用系统默认设备。</translation>
    </message>
    <message>
        <source>Only while dictating</source>
        <translation>仅在听写时</translation>
    </message>
    <message>
        <source>Half a minute longer</source>
        <translation>再保持半分钟</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>Keep it open</source>
        <translation>保持打开</translation>
    </message>
    <message>
        <source>While it is open its lamp is lit, and a dictation starts at once, with what you said just before the key. Nothing is kept until you press it.</source>
        <translation>打开时指示灯亮着，听写立即开始，并包含按键前刚说的内容。按键之前什么也不保留。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Soft sounds</source>
        <translation>轻柔的提示音</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>提示音</translation>
    </message>
    <message>
        <source>They tell what happens without a look at the screen, and delay nothing.</source>
        <translation>不看屏幕也能知道发生了什么，不会造成任何延迟。</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>At 0 nothing is heard.</source>
        <translation>为 0 时没有声音。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>The microphone hears you. Words in it would be written.</source>
        <translation>麦克风开始听您说话。声音中若有话语，也会被写下来。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>The microphone hears you no more.</source>
        <translation>麦克风不再听您说话。</translation>
    </message>
    <message>
        <source>Ends what is being said without pasting it.</source>
        <translation>结束正在说的内容，不粘贴。</translation>
    </message>
    <message>
        <source>Say it again</source>
        <translation>重说一遍</translation>
    </message>
    <message>
        <source>Hold it and say the word that was misheard in the last text.</source>
        <translation>按住它，重说上一段文字里听错的词。</translation>
    </message>
    <message>
        <source>How did I say that?</source>
        <translation>这句我是怎么说的？</translation>
    </message>
    <message>
        <source>Opens the dictation that the selected text is from, even if it was edited since.</source>
        <translation>打开所选文字出自的那次听写，即使后来改过。</translation>
    </message>
    <message>
        <source>You cancelled.</source>
        <translation>您取消了。</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>出错</translation>
    </message>
    <message>
        <source>The text did not arrive. The overlay says why.</source>
        <translation>文字没有送达，浮窗会说明原因。</translation>
    </message>
    <message>
        <source>Longest dictation</source>
        <translation>最长听写</translation>
    </message>
    <message>
        <source>It ends by itself then, and its text is put in as ever.</source>
        <translation>到时自动结束，文字照常输入。</translation>
    </message>
    <message>
        <source>Goes on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Is turned down</source>
        <translation>调低</translation>
    </message>
    <message>
        <source>Is paused</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Other sound</source>
        <translation>其他声音</translation>
    </message>
    <message>
        <source>While you talk. Afterwards it is as it was.</source>
        <translation>在您说话时。之后恢复原样。</translation>
    </message>
    <message>
        <source>They hear you</source>
        <translation>它们听得到您</translation>
    </message>
    <message>
        <source>You are muted</source>
        <translation>将您静音</translation>
    </message>
    <message>
        <source>In a call</source>
        <translation>通话时</translation>
    </message>
    <message>
        <source>Whether other programs that record the microphone hear your dictation. Afterwards they are as they were.</source>
        <translation>其他正在使用麦克风的程序是否听到您的听写。之后恢复原样。</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>Own server</source>
        <translation>自己的服务器</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>What turns speech into words. You can change it at any time.</source>
        <translation>把语音变成文字的引擎，随时可以更换。</translation>
    </message>
    <message>
        <source>Model of speech</source>
        <translation>语音模型</translation>
    </message>
    <message>
        <source>Automatic takes the best for this machine. Larger ones hear better and take longer.</source>
        <translation>“自动”选用最适合本机的模型。大的听得更准，也更慢。</translation>
    </message>
    <message>
        <source>Local, if it fails or is late</source>
        <translation>失败或超时则用本机的</translation>
    </message>
    <message>
        <source>The better of both</source>
        <translation>两者中较好的</translation>
    </message>
    <message>
        <source>Whichever is first</source>
        <translation>先到的</translation>
    </message>
    <message>
        <source>Of two texts</source>
        <translation>两份文字之中</translation>
    </message>
    <message>
        <source>Where another machine is asked, a local model listens along if there is one.</source>
        <translation>使用其他机器时，若有本机模型，它会一起听。</translation>
    </message>
    <message>
        <source>Late after</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>From the moment you let go. Without a local model it is waited for 10 s longer.</source>
        <translation>从松开时算起。没有本机模型时多等 10 秒。</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>键盘布局</translation>
    </message>
    <message>
        <source>What you speak: found out, said by the keyboard&apos;s layout, or named by codes such as en, de, zh.</source>
        <translation>您说的语言：自动识别、由键盘布局决定，或用代码指定，例如 en, de, zh。</translation>
    </message>
    <message>
        <source>What you speak where it is not what a layout says: de with the layout us.</source>
        <translation>布局与您说的语言不符时，您说什么语言：例如布局 us 时说 de。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Simplified</source>
        <translation>简体</translation>
    </message>
    <message>
        <source>Traditional</source>
        <translation>繁体</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>The characters that Chinese is written in.</source>
        <translation>中文使用的字体。</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>End by silence</source>
        <translation>静音时结束</translation>
    </message>
    <message>
        <source>A dictation that was begun by a tap ends when you stop speaking. While the key is held, nothing ends it.</source>
        <translation>轻按开始的听写在您停止说话时结束。按住按键时不会自动结束。</translation>
    </message>
    <message>
        <source>Paragraph by paragraph</source>
        <translation>逐段听写</translation>
    </message>
    <message>
        <source>After a tap Intone listens on: each paragraph is put in at its pause. The key, Esc, “stop listening” or two minutes of silence end it.</source>
        <translation>轻按之后 Intone 会一直聆听：每次停顿时放入一段。按键、Esc、说“停止听写”或两分钟静音会结束它。</translation>
    </message>
    <message>
        <source>Free the memory</source>
        <translation>释放内存</translation>
    </message>
    <message>
        <source>After so long without a dictation. The next one loads the model while you speak.</source>
        <translation>这么久没有听写之后。下次在您说话时重新加载模型。</translation>
    </message>
    <message>
        <source>When I ask for it</source>
        <translation>仅在我要求时</translation>
    </message>
    <message>
        <source>At rest too</source>
        <translation>空闲时也比较</translation>
    </message>
    <message>
        <source>Compare models</source>
        <translation>比较模型</translation>
    </message>
    <message>
        <source>On your own recordings, on this machine. At rest: on mains, ten minutes after a dictation.</source>
        <translation>用您自己的录音，在这台电脑上。空闲时：接通电源，且听写结束十分钟后。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Of {0}, or of one that speaks as it does.</source>
        <translation>{0} 的地址，或与之兼容的服务的地址。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The name that {0} has for it; auto is the one to ask now.</source>
        <translation>{0} 对它的称呼；auto 表示目前推荐的。</translation>
    </message>
    <message>
        <source>The name that {0} has for it.</source>
        <translation>{0} 对它的称呼。</translation>
    </message>
    <message>
        <source>HTTP/2</source>
        <translation>HTTP/2</translation>
    </message>
    <message>
        <source>HTTP/1.1</source>
        <translation>HTTP/1.1</translation>
    </message>
    <message>
        <source>Offered first</source>
        <translation>优先使用</translation>
    </message>
    <message>
        <source>HTTP/2 keeps one connection for everything. The older one is for networks that break it.</source>
        <translation>HTTP/2 用一个连接处理一切。旧版本适用于不支持它的网络。</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>Keys without encryption</source>
        <translation>不加密传输密钥</translation>
    </message>
    <message>
        <source>Over plain HTTP to another machine, where everybody on the way can read them.</source>
        <translation>通过普通 HTTP 发往其他机器，途中任何人都能读到。</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>词汇</translation>
    </message>
    <message>
        <source>Names and terms that are listened for, and never changed by polish.</source>
        <translation>识别时留意、润色时从不改动的名称和术语。</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Folders whose names of files and identifiers are known to spoken code, separated by commas.</source>
        <translation>这些文件夹中的文件名和标识符可用于口述代码，用逗号分隔。</translation>
    </message>
    <message>
        <source>Ask once for each</source>
        <translation>每个问一次</translation>
    </message>
    <message>
        <source>Learn from corrections</source>
        <translation>从更正中学习</translation>
    </message>
    <message>
        <source>Looks at the field just dictated into, and no other, for words that you put right.</source>
        <translation>只查看刚才听写的输入框，留意您改正的词。</translation>
    </message>
    <message>
        <source>Looks at the field just dictated into, and no other, for words that you put right. It works in Windows&apos; own edit controls alone, such as Notepad&apos;s.</source>
        <translation>只查看刚才听写的输入框，留意您改正的词。仅适用于 Windows 自带的编辑控件，例如记事本。</translation>
    </message>
    <message>
        <source>Tidy</source>
        <translation>整理</translation>
    </message>
    <message>
        <source>By a language model</source>
        <translation>由语言模型</translation>
    </message>
    <message>
        <source>As spoken</source>
        <translation>原话</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>润色</translation>
    </message>
    <message>
        <source>Tidy is instant and stays on this machine. A language model writes better and takes longer; its text is used if it comes in time and says the same.</source>
        <translation>“整理”即时完成，不离开本机。语言模型写得更好但更慢；及时且意思相同时才使用它的文字。</translation>
    </message>
    <message>
        <source>Careful</source>
        <translation>谨慎</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>彻底</translation>
    </message>
    <message>
        <source>Taking words out</source>
        <translation>删去词语</translation>
    </message>
    <message>
        <source>What was said twice, taken back or begun anew. In doubt, careful leaves it.</source>
        <translation>重复、改口或重新开头的话。拿不准时，“谨慎”会保留。</translation>
    </message>
    <message>
        <source>Your words</source>
        <translation>您的词汇</translation>
    </message>
    <message>
        <source>Spelled words</source>
        <translation>拼出的词</translation>
    </message>
    <message>
        <source>Corrections</source>
        <translation>改口</translation>
    </message>
    <message>
        <source>Emoji</source>
        <translation>表情符号</translation>
    </message>
    <message>
        <source>Said twice</source>
        <translation>说了两遍</translation>
    </message>
    <message>
        <source>Um and uh</source>
        <translation>嗯和呃</translation>
    </message>
    <message>
        <source>Spoken marks</source>
        <translation>说出的标点</translation>
    </message>
    <message>
        <source>Your replacements</source>
        <translation>您的替换</translation>
    </message>
    <message>
        <source>Numbers and times</source>
        <translation>数字与时间</translation>
    </message>
    <message>
        <source>Lists</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>Spaces</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Capitals and ends</source>
        <translation>大写与句末</translation>
    </message>
    <message>
        <source>Rules of Tidy</source>
        <translation>“整理”的规则</translation>
    </message>
    <message>
        <source>What each does to a few words. One that is off leaves them as they were spoken.</source>
        <translation>每条规则对几个词做什么。关闭的规则保留原话。</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Where a language model is</source>
        <translation>语言模型在哪里</translation>
    </message>
    <message>
        <source>It is asked for polish, edits and expressions.</source>
        <translation>用于润色、编辑和语气。</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>语言模型</translation>
    </message>
    <message>
        <source>Which one is asked there. Automatic takes a small one that is recommended now.</source>
        <translation>在那里询问哪一个。自动会选用目前推荐的小模型。</translation>
    </message>
    <message>
        <source>How long the text waits</source>
        <translation>文字等待多久</translation>
    </message>
    <message>
        <source>A language model that takes longer is not waited for: the text is by the rules then.</source>
        <translation>语言模型超过此时间就不再等待：文字按规则写成。</translation>
    </message>
    <message>
        <source>Where nothing was touched</source>
        <translation>没有其他操作时</translation>
    </message>
    <message>
        <source>Space in between</source>
        <translation>中间的空格</translation>
    </message>
    <message>
        <source>One space comes between two dictations into the same window.</source>
        <translation>在同一窗口的两次听写之间加一个空格。</translation>
    </message>
    <message>
        <source>As an input method</source>
        <translation>作为输入法（在有输入法的地方）</translation>
    </message>
    <message>
        <source>As an input method, always</source>
        <translation>作为输入法（无论您用哪种输入法）</translation>
    </message>
    <message>
        <source>By the clipboard</source>
        <translation>经由剪贴板</translation>
    </message>
    <message>
        <source>Text goes in</source>
        <translation>文字写入方式</translation>
    </message>
    <message>
        <source>As an input method writes it, no clipboard is touched, and the window tells what arrived.</source>
        <translation>以输入法方式写入时不动用剪贴板，并由窗口告知写入了什么。</translation>
    </message>
    <message>
        <source>In the pill alone</source>
        <translation>只在浮标中</translation>
    </message>
    <message>
        <source>While you speak</source>
        <translation>说话时</translation>
    </message>
    <message>
        <source>Words in the field</source>
        <translation>输入框中的话</translation>
    </message>
    <message>
        <source>Shows the words in the field itself while you speak, where an input method can.</source>
        <translation>在有输入法可用的地方，您说话时就把话显示在输入框里。</translation>
    </message>
    <message>
        <source>Not looked at</source>
        <translation>不查看</translation>
    </message>
    <message>
        <source>Looked at</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Text at the cursor</source>
        <translation>光标处的文字</translation>
    </message>
    <message>
        <source>Puts capitals and spaces by what stands there, where accessibility tells. It is neither kept nor sent.</source>
        <translation>根据那里的文字处理大小写和空格（在无障碍接口提供时）。不保留也不发送。</translation>
    </message>
    <message>
        <source>Not asked for</source>
        <translation>不询问</translation>
    </message>
    <message>
        <source>Asked for</source>
        <translation>询问</translation>
    </message>
    <message>
        <source>Web site</source>
        <translation>网站</translation>
    </message>
    <message>
        <source>The page&apos;s host chooses the style, where a browser&apos;s accessibility is on.</source>
        <translation>由网页的主机名决定风格（浏览器开启无障碍时）。</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>完全不</translation>
    </message>
    <message>
        <source>How it sounded</source>
        <translation>听起来如何</translation>
    </message>
    <message>
        <source>Noted in the history after the text is in: what the words express and how lively the voice is, not what anybody feels. It can be wrong, and what you correct counts.</source>
        <translation>文字输入之后记在历史中：是词语所表达的和声音的活跃程度，不是谁的感受。它可能会错，以您的更正为准。</translation>
    </message>
    <message>
        <source>What the engine hears</source>
        <translation>引擎所听到的</translation>
    </message>
    <message>
        <source>By Whisper afterwards</source>
        <translation>之后由 Whisper 来听</translation>
    </message>
    <message>
        <source>Heard in the voice</source>
        <translation>从声音里听出的</translation>
    </message>
    <message>
        <source>Only Whisper hears more of a voice than pitch, loudness and pace. It can listen once the text of another model is in.</source>
        <translation>只有 Whisper 从声音里听出的不止是音高、响度和语速。别的模型的文字输入之后，可以再由它来听。</translation>
    </message>
    <message>
        <source>Keep recordings</source>
        <translation>保留录音</translation>
    </message>
    <message>
        <source>Recordings and text are kept on this machine.</source>
        <translation>录音和文字保存在本机。</translation>
    </message>
    <message>
        <source>Until I delete it</source>
        <translation>直到我删除</translation>
    </message>
    <message>
        <source>Keep text</source>
        <translation>保留文字</translation>
    </message>
    <message>
        <source>What is older is deleted at once, with its recording.</source>
        <translation>更旧的会连同录音立即删除。</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Room for recordings</source>
        <translation>录音空间</translation>
    </message>
    <message>
        <source>When there are more, the oldest go. Their text stays.</source>
        <translation>超出时删除最旧的录音，文字保留。</translation>
    </message>
    <message>
        <source>Key of its publisher</source>
        <translation>发布者的密钥</translation>
    </message>
    <message>
        <source>The line of a minisign key that begins with RW. With it an answer counts only if it is signed by that key. Without it what the address says is not verified.</source>
        <translation>minisign 公钥中以 RW 开头的那一行。有了它，只有由该密钥签名的回答才算数；没有它，则不验证该地址所说的内容。</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Private mode</source>
        <translation>隐私模式</translation>
    </message>
    <message>
        <source>Nothing is kept of what you dictate: no text, no recording, no mood.</source>
        <translation>您听写的内容不保留：没有文字、录音或语气。</translation>
    </message>
    <message>
        <source>Never keep from</source>
        <translation>从不保留的应用</translation>
    </message>
    <message>
        <source>Applications, by the names the history shows, separated by commas.</source>
        <translation>应用名称，按历史中显示的写法，用逗号分隔。</translation>
    </message>
    <message>
        <source>Keep from password managers</source>
        <translation>保留密码管理器中的内容</translation>
    </message>
    <message>
        <source>And from private browser windows. Not every browser says which are private.</source>
        <translation>以及浏览器隐私窗口中的内容。并非每个浏览器都会说明哪些窗口是隐私窗口。</translation>
    </message>
    <message>
        <source>Encrypt what is kept</source>
        <translation>加密保存的内容</translation>
    </message>
    <message>
        <source>Who finds the disk reads no text and hears no recording. The key is in your keyring: where that is lost, so are they. Searching takes half as long again.</source>
        <translation>拿到磁盘的人既读不到文字，也听不到录音。密钥在您的密钥环里：密钥环丢了，这些内容也就丢了。搜索所需时间约为原来的一倍半。</translation>
    </message>
    <message>
        <source>Who finds the disk reads no text and hears no recording. The key is in Windows&apos; Credential Manager: where that is lost, so are they. Searching takes half as long again.</source>
        <translation>拿到磁盘的人既读不到文字，也听不到录音。密钥在 Windows 凭据管理器里：密钥丢了，这些内容也就丢了。搜索所需时间约为原来的一倍半。</translation>
    </message>
    <message>
        <source>Run after a dictation</source>
        <translation>听写后运行</translation>
    </message>
    <message>
        <source>A command of yours that gets the words on standard input, once they are in the window. Nothing is run for what the history does not keep.</source>
        <translation>您自己的命令：文字进入窗口之后，它从标准输入得到这些文字。历史不保留的内容不会运行任何命令。</translation>
    </message>
    <message>
        <source>Time for the command</source>
        <translation>命令的时限</translation>
    </message>
    <message>
        <source>It is killed then, with what it has started.</source>
        <translation>到时会结束它，以及它启动的程序。</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark, everywhere at once.</source>
        <translation>浅色或深色，立即在各处生效。</translation>
    </message>
    <message>
        <source>As Windows</source>
        <translation>跟随 Windows</translation>
    </message>
    <message>
        <source>High</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>High: stronger colours and visible edges.</source>
        <translation>高：颜色更深，边框可见。</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动画</translation>
    </message>
    <message>
        <source>None: nothing glides, grows or fades.</source>
        <translation>无：没有滑动、伸缩或淡出。</translation>
    </message>
    <message>
        <source>The language of the windows, from the next start.</source>
        <translation>窗口使用的语言，下次启动时生效。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>How large everything is, from the next start.</source>
        <translation>所有内容的大小，下次启动时生效。</translation>
    </message>
    <message>
        <source>Your words as you speak</source>
        <translation>边说边显示文字</translation>
    </message>
    <message>
        <source>The level alone</source>
        <translation>只显示音量</translation>
    </message>
    <message>
        <source>Only what needs you</source>
        <translation>只在需要您时出现</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>浮窗</translation>
    </message>
    <message>
        <source>What is seen while you speak. What went wrong is always said.</source>
        <translation>您说话时看到的内容。出错时总会说明。</translation>
    </message>
    <message>
        <source>At the bottom</source>
        <translation>屏幕底部</translation>
    </message>
    <message>
        <source>At the top</source>
        <translation>屏幕顶部</translation>
    </message>
    <message>
        <source>Where you dragged it</source>
        <translation>您拖到的位置</translation>
    </message>
    <message>
        <source>Place of the overlay</source>
        <translation>浮窗位置</translation>
    </message>
    <message>
        <source>Drag it with the mouse, on each screen. A double click brings it back.</source>
        <translation>可在每个屏幕上用鼠标拖动，双击即可复位。</translation>
    </message>
    <message>
        <source>With colour</source>
        <translation>彩色</translation>
    </message>
    <message>
        <source>By shape alone</source>
        <translation>仅形状</translation>
    </message>
    <message>
        <source>Icon in the tray</source>
        <translation>托盘图标</translation>
    </message>
    <message>
        <source>By shape alone it suits a panel without colours.</source>
        <translation>仅以形状表示，适合没有颜色的面板。</translation>
    </message>
    <message>
        <source>By shape alone it looks like Windows&apos; own icons.</source>
        <translation>仅以形状表示，与 Windows 自己的图标一致。</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Start with the session</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>Intone waits in the tray from the moment you log in.</source>
        <translation>您一登录，Intone 就在托盘中待命。</translation>
    </message>
    <message>
        <source>Start with Windows</source>
        <translation>随 Windows 启动</translation>
    </message>
    <message>
        <source>Intone waits beside the clock from the moment you sign in.</source>
        <translation>您一登录，Intone 就在时钟旁边待命。</translation>
    </message>
    <message>
        <source>Do not look</source>
        <translation>不查看</translation>
    </message>
    <message>
        <source>Look once a day</source>
        <translation>每天查看一次</translation>
    </message>
    <message>
        <source>Newer versions</source>
        <translation>新版本</translation>
    </message>
    <message>
        <source>Says here and in the tray when there is one. Nothing is installed by itself.</source>
        <translation>有新版本时，会在这里和托盘中告知。不会自行安装任何东西。</translation>
    </message>
    <message>
        <source>Where to look</source>
        <translation>查看的地址</translation>
    </message>
    <message>
        <source>An https address that tells the newest version, as GitHub&apos;s releases do. Empty: nobody is asked.</source>
        <translation>告知最新版本的 https 地址，例如 GitHub 的发布页接口。留空则不询问任何人。</translation>
    </message>
</context>
<context>
    <name>signs</name>
    <message>
        <source>Even</source>
        <translation>平稳</translation>
    </message>
    <message>
        <source>Joyful</source>
        <translation>欢快</translation>
    </message>
    <message>
        <source>Sad</source>
        <translation>悲伤</translation>
    </message>
    <message>
        <source>Angry</source>
        <translation>愤怒</translation>
    </message>
    <message>
        <source>Fearful</source>
        <translation>害怕</translation>
    </message>
    <message>
        <source>Surprised</source>
        <translation>惊讶</translation>
    </message>
    <message>
        <source>Disgusted</source>
        <translation>厌恶</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>不确定</translation>
    </message>
</context>
<context>
    <name>trial</name>
    <message>
        <source>{0} ms after the end</source>
        <translation>说完后 {0} 毫秒</translation>
    </message>
    <message>
        <source>{0} of speech</source>
        <translation>{0} 的语音</translation>
    </message>
    <message>
        <source>nothing left this machine</source>
        <translation>没有内容离开本机</translation>
    </message>
</context>
<context>
    <name>without_tray</name>
    <message>
        <source>Restart Windows Explorer in the Task Manager: it has the taskbar.</source>
        <translation>请在任务管理器中重新启动 Windows 资源管理器：任务栏由它显示。</translation>
    </message>
    <message>
        <source>GNOME shows tray icons with the extension AppIndicator: {0} (Fedora: sudo dnf install {1}). Then log in again and switch it on in Extensions.</source>
        <translation>GNOME 需要 AppIndicator 扩展才能显示托盘图标：{0}（Fedora：sudo dnf install {1}）。然后重新登录，并在“扩展”中启用。</translation>
    </message>
    <message>
        <source>Add the widget System Tray to a panel.</source>
        <translation>请在面板上添加“系统托盘”部件。</translation>
    </message>
    <message>
        <source>Add the Status Tray Plugin to a panel.</source>
        <translation>请在面板上添加“状态托盘插件”。</translation>
    </message>
    <message>
        <source>Add the module tray to Waybar.</source>
        <translation>请在 Waybar 中添加 tray 模块。</translation>
    </message>
    <message>
        <source>Add a tray to the panel, or start one such as stalonetray.</source>
        <translation>请在面板上添加托盘，或启动一个，例如 stalonetray。</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>{0} {1}</source>
        <translation>{0}{1}</translation>
    </message>
    <message>
        <source>Keyboard&apos;s layout</source>
        <translation>随键盘布局</translation>
    </message>
    <message>
        <source>{0}, else {1}</source>
        <translation>{0}，否则 {1}</translation>
    </message>
    <message>
        <source>Any language</source>
        <translation>任何语言</translation>
    </message>
    <message>
        <source>Formal</source>
        <translation>正式</translation>
    </message>
    <message>
        <source>Casual</source>
        <translation>随意</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>Spoken code</source>
        <translation>口述代码</translation>
    </message>
    <message>
        <source>Prompts to agents</source>
        <translation>给智能体的提示</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Nothing. Speech is recognized on this machine.</source>
        <translation>没有。语音在本机识别。</translation>
    </message>
    <message>
        <source>what you say</source>
        <translation>您说的话</translation>
    </message>
    <message>
        <source>the text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>what you select and ask to be edited</source>
        <translation>您选中并要求编辑的内容</translation>
    </message>
    <message>
        <source>{0} gets {1}.</source>
        <translation>{0} 会得到{1}。</translation>
    </message>
    <message>
        <source>{0} got {1} of sound</source>
        <translation>{0} 得到 {1} 的声音</translation>
    </message>
    <message>
        <source>{0} got {1} characters</source>
        <translation>{0} 得到 {1} 个字符</translation>
    </message>
    <message>
        <source>{0} is being fetched.</source>
        <translation>正在下载 {0}。</translation>
    </message>
    <message>
        <source>{0} is downloading: {1} of {2} MB.</source>
        <translation>正在下载 {0}：{1} / {2} MB。</translation>
    </message>
    <message>
        <source>Opening the microphone</source>
        <translation>正在打开麦克风</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>正在聆听</translation>
    </message>
    <message>
        <source>Finishing the text</source>
        <translation>正在完成文字</translation>
    </message>
    <message>
        <source>Asking which place is meant</source>
        <translation>正在询问是哪一处</translation>
    </message>
    <message>
        <source>The keys are paused.</source>
        <translation>按键已暂停。</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <source>Ready. Hold {0} and speak.</source>
        <translation>就绪。按住 {0} 说话。</translation>
    </message>
    <message>
        <source>Last dictation: {0}</source>
        <translation>上次听写：{0}</translation>
    </message>
    <message>
        <source>Intone {0} is there</source>
        <translation>Intone {0} 已发布</translation>
    </message>
    <message>
        <source>Intone {0} is installed: restart</source>
        <translation>已安装 Intone {0}：重新启动</translation>
    </message>
    <message>
        <source>Inserted</source>
        <translation>已输入</translation>
    </message>
    <message>
        <source>Sent, not confirmed</source>
        <translation>已发送，未确认</translation>
    </message>
    <message>
        <source>Copied. Press Ctrl+V</source>
        <translation>已复制。请按 Ctrl+V</translation>
    </message>
    <message>
        <source>Nothing was pasted.</source>
        <translation>没有粘贴任何内容。</translation>
    </message>
    <message>
        <source>The text could not be pasted.</source>
        <translation>文字无法粘贴。</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>已删去</translation>
    </message>
    <message>
        <source>Recovered. It is in the history.</source>
        <translation>已恢复，在历史中。</translation>
    </message>
    <message>
        <source>Nothing was said.</source>
        <translation>没有听到说话。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Not pasted</source>
        <translation>未粘贴</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Recovered</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Sounded even</source>
        <translation>听起来平稳</translation>
    </message>
    <message>
        <source>Sounded joyful</source>
        <translation>听起来欢快</translation>
    </message>
    <message>
        <source>Sounded sad</source>
        <translation>听起来悲伤</translation>
    </message>
    <message>
        <source>Sounded angry</source>
        <translation>听起来愤怒</translation>
    </message>
    <message>
        <source>Sounded fearful</source>
        <translation>听起来害怕</translation>
    </message>
    <message>
        <source>Sounded surprised</source>
        <translation>听起来惊讶</translation>
    </message>
    <message>
        <source>Sounded disgusted</source>
        <translation>听起来厌恶</translation>
    </message>
    <message>
        <source>Not sure how it sounded</source>
        <translation>听不出语气</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>d MMMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>dddd d MMMM</source>
        <translation>M月d日 dddd</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0} {1}</translation>
    </message>
    <message>
        <source>Taken out: “{0}” ({1})</source>
        <translation>已删去：“{0}”（{1}）</translation>
    </message>
    <message>
        <source>Taken out: “{0}” ({1}, {2} % sure)</source>
        <translation>已删去：“{0}”（{1}，把握 {2}%）</translation>
    </message>
    <message>
        <source>{0} of speech</source>
        <translation>{0}的语音</translation>
    </message>
    <message>
        <source>text {0} ms after release</source>
        <translation>松开后 {0} 毫秒出字</translation>
    </message>
    <message>
        <source>Corrected by you</source>
        <translation>由您更正</translation>
    </message>
    <message>
        <source>{0} → {1}</source>
        <translation>{0} → {1}</translation>
    </message>
    <message>
        <source>Your words: {0}</source>
        <translation>您的词汇：{0}</translation>
    </message>
</context>
</TS>
