# ruff: noqa: E501 -- a table
"""Every setting: a value to choose in its control, what the running app does then, and the test that shows it.

`tests/unit/ui/settings/test_table.py` walks it: each control is used as a user does, what it asks of the app is looked
at, and no setting may be without a line.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    key: str
    value: str
    effect: str
    proof: str


GESTURE = "unit/hotkeys/test_gesture.py::test_two_taps_lock_where_one_is_not_enough"
KEYS = "integration/hotkeys/test_manager.py::test_talk_keys_give_intents_and_others_commands"
PLACES = "unit/network/test_services.py::test_each_is_where_the_settings_have_it"

TABLE = (
    Line("hotkey.talk", "f9", "that key talks", "integration/hotkeys/test_manager.py::test_keys_chosen_while_resting_work_afterwards"),
    Line("hotkey.send", "f8", "talks, then presses Return", "e2e/test_keys.py::test_send_key_sends_and_paste_again_does_not"),
    Line("hotkey.edit", "f7", "says what is done to a selection", "integration/hotkeys/test_manager.py::test_the_key_that_edits_begins_an_edit"),
    Line("hotkey.again", "f12", "says a word again", "integration/hotkeys/test_manager.py::test_the_key_that_says_again_begins_a_correction"),
    Line("hotkey.languages", "f6", "expects the next language", "e2e/test_keys.py::test_mouse_button_uses_language_chosen_by_key"),
    Line("hotkey.paste_last", "f5", "pastes again", KEYS),
    Line("hotkey.undo", "f4", "takes back", KEYS),
    Line("hotkey.swap", "f3", "swaps raw and polished", KEYS),
    Line("hotkey.find", "ctrl+f3", "finds the dictation of a selection", KEYS),
    Line("hotkey.emotion", "ctrl+f10", "turns the expression off and on", KEYS),
    Line("hotkey.cancel", "f2", "cancels", "unit/hotkeys/test_gesture.py::test_esc_cancels_and_rest_of_hold_is_ignored"),
    Line("hotkey.tap", "double", "two taps lock", GESTURE),
    Line("audio.device", "usb", "that microphone is heard", "integration/audio/test_microphone_choice.py::test_first_present_chosen_microphone_or_default"),
    Line("audio.warm", "never", "closes with the dictation", "integration/audio/test_warm_microphone.py::test_unkept_microphone_closes_with_dictation"),
    Line("audio.cue", "on", "a tone at the first sound", "integration/audio/test_cue.py::test_the_cue_sounds_once_when_the_microphone_hears"),
    Line("audio.longest_min", "30", "a take ends by itself", "unit/dictation/test_controller.py::test_longest_dictation_ends_itself_with_countdown"),
    Line("audio.calls", "mute", "calls hear nothing", "integration/audio/test_calls.py::test_calls_are_muted_for_a_recording_and_nothing_else_is"),
    Line("audio.others", "duck", "other sound is softer", "integration/audio/test_ducking.py::test_other_audio_is_ducked_and_restored"),
    Line("dictation.end_silence_s", "1.5", "silence ends a tapped dictation", "unit/dictation/test_hands_free.py::test_silence_ends_a_tapped_dictation_as_a_release"),
    Line("dictation.continuous", "on", "paragraph follows paragraph", "unit/dictation/test_hands_free.py::test_no_sample_is_lost_between_paragraphs"),
    Line("recognizer.engine", "openai", "that engine is asked", "unit/network/test_services.py::test_used_services_follow_the_settings"),
    Line("recognizer.model", "base", "that model hears", "unit/models/test_choice.py::test_auto_chooses"),
    Line("recognizer.policy", "best", "which of two texts is taken", "unit/stt/test_fallback.py::test_the_policy"),
    Line("recognizer.deadline_ms", "3000", "how long a service is waited for", "unit/stt/test_fallback.py::test_after_the_deadline_whoever_is_there_answers"),
    Line("recognizer.language", "de", "that language is heard", "speech/test_words_and_language.py::test_only_the_users_languages_are_detected"),
    Line("recognizer.layouts", "us=de", "a layout stands for that language", "unit/layouts/test_names.py::test_users_table_comes_first"),
    Line("recognizer.chinese", "traditional", "its script", "unit/stt/test_chinese_script.py::test_a_choice_and_the_stronger_variable_win"),
    Line("recognizer.unload_after_min", "30", "the memory is freed", "speech/test_local_idle.py::test_idle_time_and_script_change_without_reload"),
    Line("recognizer.compare", "idle", "models are compared at rest", "unit/app/test_bench_service.py::test_comparisons_begin_by_themselves_only_at_rest"),
    Line("engines.openai.url", "https://example.org/v1", "where it is asked", PLACES),
    Line("engines.openai.model", "whisper-1", "which model is asked", "integration/stt/cloud/test_openai.py::test_each_model_is_sent_what_it_takes"),
    Line("engines.openai_live.url", "wss://example.org/v1/realtime", "where it is asked", PLACES),
    Line("engines.openai_live.model", "gpt-transcribe", "which model is asked", "integration/stt/cloud/test_streaming_services.py::test_openai_is_asked_as_its_model_likes_it"),
    Line("engines.deepgram.url", "https://example.org", "where it is asked", PLACES),
    Line("engines.deepgram.model", "nova-3-medical", "which model is asked", "integration/stt/cloud/test_deepgram.py::test_the_settings_stand_in_the_address"),
    Line("engines.deepgram_live.url", "wss://example.org", "where it is asked", PLACES),
    Line("engines.deepgram_live.model", "flux-general-en", "which model is asked", PLACES),
    Line("engines.compatible.url", "http://10.0.0.2:8000/v1", "where it is asked", PLACES),
    Line("engines.compatible.model", "large-v3", "which model is asked", "integration/stt/cloud/test_openai.py::test_compatible_server_gets_first_speech_model"),
    Line("network.http", "1.1", "the version that is offered", "integration/stt/cloud/test_openai.py::test_every_encoding_goes_over_every_http"),
    Line("network.plain_keys", "on", "keys go over plain HTTP", "unit/network/test_services.py::test_plain_http_keys_are_allowed_by_setting"),
    Line("vocabulary.projects", "~/src", "names of the project are known to spoken code", "unit/dictation/test_project_names.py::test_project_of_the_window_is_read_while_the_user_speaks"),
    Line("vocabulary.notice", "on", "corrections are asked about", "e2e/test_noticing.py::test_a_correction_is_learned_by_one_click"),
    Line("polish.mode", "llm", "who polishes", "unit/app/test_factory.py::test_what_polishes_is_what_is_chosen"),
    Line("polish.url", "local", "where the model is", "unit/app/test_factory.py::test_local_chat_reused_until_model_changes"),
    Line("polish.model", "smollm2-135m", "which model polishes", "integration/llm/test_local.py::test_model_found_by_name_auto_or_path"),
    Line("polish.removals", "thorough", "a doubtful repeat is taken out", "integration/polish/test_polisher.py::test_removals_are_as_sure_as_the_settings_want"),
    Line("polish.without", "fillers", "a rule is off", "integration/polish/test_polisher.py::test_rules_follow_settings_and_ask_no_model"),
    Line("polish.budget_ms", "2000", "how long a model is waited for", "integration/polish/test_llm_polisher.py::test_answer_over_budget_replaced_by_rules_text"),
    Line("paste.join", "none", "no space in between", "unit/paste/test_text_fit_joining.py::test_two_dictations_are_joined_by_one_space"),
    Line("paste.input_method", "off", "the clipboard is used", "unit/paste/input_method/test_paster_below.py::test_the_paster_below_gets_the_text_untouched"),
    Line("paste.live", "on", "words are shown in the field", "unit/dictation/test_live_text.py::test_words_stand_in_the_field_only_by_the_setting"),
    Line("context.cursor", "on", "fits in at the cursor", "unit/app/test_factory.py::test_surroundings_cursor_and_site_off_by_default"),
    Line("context.site", "on", "the page chooses the style", "unit/app/test_factory.py::test_surroundings_cursor_and_site_off_by_default"),
    Line("emotion.engine", "off", "nothing is noted", "unit/app/test_factory.py::test_emotion_local_by_default_none_when_off"),
    Line("emotion.voice", "whisper", "Whisper hears the voice afterwards", "unit/app/test_emotion_service.py::test_voice_is_encoded_afterwards_only_where_that_is_chosen"),
    Line("history.keep_audio_days", "30", "recordings stay", "unit/history/test_recorder.py::test_expire_removes_old_excess_and_orphaned_files"),
    Line("history.keep_text_days", "365", "text stays", "unit/history/test_recorder.py::test_expire_removes_old_excess_and_orphaned_files"),
    Line("history.max_audio_mb", "500", "the oldest recordings go", "unit/history/test_recorder.py::test_expire_removes_old_excess_and_orphaned_files"),
    Line("history.private", "on", "nothing is kept", "e2e/test_main_job.py::test_private_words_are_only_in_the_window"),
    Line("history.exclude", "keepassxc", "nothing is kept of it", "unit/history/test_recorder.py::test_an_excluded_application_leaves_nothing"),
    Line("history.sensitive", "on", "password managers and private windows are kept, too", "unit/history/test_privacy.py::test_exclude_and_private_hold_with_list_disabled"),
    Line("history.encrypted", "on", "what is kept is encrypted", "unit/history/test_encryption.py::test_command_line_choice_applies_without_the_app"),
    Line("audio.cue_volume", "20", "how loud cues are", "unit/audio/test_cues.py::test_volume_scales_cue_up_to_a_tenth"),
    Line("audio.cue_start", "/tmp/own.wav", "a sound of your own", "unit/audio/test_cues.py::test_custom_sound_replaces_the_builtin_one"),
    Line("audio.cue_stop", "/tmp/own.wav", "a sound of your own", "unit/audio/test_cues.py::test_custom_sound_replaces_the_builtin_one"),
    Line("audio.cue_cancel", "/tmp/own.wav", "a sound of your own", "unit/audio/test_cues.py::test_custom_sound_replaces_the_builtin_one"),
    Line("audio.cue_error", "/tmp/own.wav", "a sound of your own", "unit/audio/test_cues.py::test_custom_sound_replaces_the_builtin_one"),
    Line("look.theme", "dark", "its colours", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("look.contrast", "high", "its contrast", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("look.motion", "off", "nothing moves", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("look.language", "zh_CN", "what the windows speak", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("look.scale", "150", "its size from the next start", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("look.pill", "compact", "how much the overlay says", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("look.tray", "monochrome", "the tray's icon has no colour", "unit/ui/test_tray.py::test_a_monochrome_icon_has_one_colour"),
    Line("look.pill_place", "top", "where the overlay stands", "e2e/test_look.py::test_look_setting_applies_at_once_or_at_next_start"),
    Line("startup.autostart", "on", "starts with the session", "unit/platforms/test_autostart.py::test_desktop_entry_exists_only_while_enabled"),
    Line("updates.check", "daily", "a newer version is looked for", "integration/app/test_updates.py::test_it_is_asked_once_a_day_where_that_is_wanted"),
    Line("updates.url", "https://example.org/newest", "where it is looked for", "integration/app/test_updates.py::test_nothing_is_asked_without_address_or_consent"),
    Line("updates.key", "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3", "whose signature an answer needs", "integration/packaging/test_repository.py::test_answer_by_another_key_is_refused"),
)  # fmt: skip

WITHOUT_CONTROL = {
    "hooks.after": "a command is written in a terminal (unit/app/doors/test_hook.py)",
    "hooks.timeout_s": "as the command (unit/app/doors/test_hook.py)",
    "vocabulary.words": "a table in the section Words (unit/ui/settings/test_words.py)",
}
"""Settings that only the file and the command line have."""
