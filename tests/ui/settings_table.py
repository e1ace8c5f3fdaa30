# ruff: noqa: E501 -- a table
"""Every setting: a value to choose in its control, what the running app does then, and the test that shows it.

`test_settings_table` walks it: each control is used as a person does, what it asks of the app is looked at, and no
setting may be without a line.
"""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    key: str
    value: str
    effect: str
    proof: str


GESTURE = "test_gesture.py::test_two_taps_lock_where_one_is_not_enough"
KEYS = "test_talk_keys.py::test_keys_that_talk_mean_something_and_the_others_do_their_command"
PLACES = "test_services.py::test_each_is_where_the_settings_have_it"

TABLE = (
    Line("hotkey.talk", "f9", "that key talks", "test_talk_keys.py::test_keys_that_were_chosen_while_resting_are_heard_after_it"),
    Line("hotkey.send", "f8", "talks, then presses Return", "e2e/test_keys.py::test_what_is_said_with_the_sending_key_is_sent_and_pasted_again_it_is_not"),
    Line("hotkey.edit", "f7", "says what is done to a selection", "test_talk_keys.py::test_the_key_that_edits_begins_an_edit"),
    Line("hotkey.languages", "f6", "expects the next language", "e2e/test_keys.py::test_a_mouse_button_talks_in_the_language_that_a_key_chose"),
    Line("hotkey.paste_last", "f5", "pastes again", KEYS),
    Line("hotkey.undo", "f4", "takes back", KEYS),
    Line("hotkey.swap", "f3", "swaps raw and polished", KEYS),
    Line("hotkey.emotion", "ctrl+f10", "turns the expression off and on", KEYS),
    Line("hotkey.cancel", "f2", "cancels", "test_gesture.py::test_esc_cancels_and_the_rest_of_the_hold_means_nothing"),
    Line("hotkey.tap", "double", "two taps lock", GESTURE),
    Line("audio.device", "usb", "that microphone is heard", "test_microphone.py::test_the_first_of_the_chosen_microphones_that_is_there_is_heard_and_else_the_default"),
    Line("audio.warm", "never", "closes with the dictation", "test_microphone.py::test_a_microphone_that_is_not_kept_closes_with_the_dictation"),
    Line("audio.cue", "on", "a tone at the first sound", "test_microphone.py::test_the_cue_sounds_once_when_the_microphone_hears"),
    Line("audio.longest_min", "30", "a take ends by itself", "test_dictation.py::test_the_longest_dictation_ends_by_itself_and_is_announced"),
    Line("audio.others", "duck", "other sound is softer", "test_microphone_others.py::test_what_plays_is_softer_while_one_talks_and_then_as_it_was"),
    Line("recognizer.engine", "openai", "that engine is asked", "test_services.py::test_what_a_dictation_asks_is_what_the_settings_choose"),
    Line("recognizer.model", "base", "that model hears", "test_models_store.py::test_auto_chooses"),
    Line("recognizer.policy", "best", "which of two texts is taken", "test_choice.py::test_the_policy"),
    Line("recognizer.deadline_ms", "3000", "how long a service is waited for", "test_choice.py::test_after_the_deadline_whoever_is_there_answers"),
    Line("recognizer.language", "de", "that language is heard", "speech/test_words_and_language.py::test_only_the_languages_that_the_user_speaks_are_heard"),
    Line("recognizer.chinese", "traditional", "its script", "test_script.py::test_a_choice_and_the_stronger_variable_win"),
    Line("recognizer.unload_after_min", "30", "the memory is freed", "speech/test_local_idle.py::test_how_long_it_stays_and_the_script_are_changed_without_loading_it_again"),
    Line("engines.openai.url", "https://example.org/v1", "where it is asked", PLACES),
    Line("engines.openai.model", "whisper-1", "which model is asked", "test_openai.py::test_each_model_is_sent_what_it_takes"),
    Line("engines.openai_live.url", "wss://example.org/v1/realtime", "where it is asked", PLACES),
    Line("engines.openai_live.model", "gpt-transcribe", "which model is asked", "test_live_services.py::test_openai_is_asked_as_its_model_likes_it"),
    Line("engines.deepgram.url", "https://example.org", "where it is asked", PLACES),
    Line("engines.deepgram.model", "nova-3-medical", "which model is asked", "test_deepgram.py::test_the_settings_stand_in_the_address"),
    Line("engines.deepgram_live.url", "wss://example.org", "where it is asked", PLACES),
    Line("engines.deepgram_live.model", "flux-general-en", "which model is asked", PLACES),
    Line("engines.compatible.url", "http://10.0.0.2:8000/v1", "where it is asked", PLACES),
    Line("engines.compatible.model", "large-v3", "which model is asked", "test_openai.py::test_anybodys_server_is_asked_with_the_first_model_that_transcribes"),
    Line("network.http", "1.1", "the version that is offered", "test_openai.py::test_every_encoding_goes_over_every_http"),
    Line("network.plain_keys", "on", "keys go over plain HTTP", "test_services.py::test_keys_go_over_plain_http_where_the_settings_allow_it"),
    Line("vocabulary.notice", "on", "corrections are asked about", "e2e/test_noticing.py::test_a_correction_is_learned_by_one_click"),
    Line("polish.mode", "llm", "who polishes", "test_making.py::test_what_polishes_is_what_is_chosen"),
    Line("polish.url", "local", "where the model is", "test_making.py::test_the_model_on_this_machine_is_kept_until_another_is_wanted"),
    Line("polish.model", "smollm2-135m", "which model polishes", "test_chat_local.py::test_a_model_is_found_by_its_name_by_auto_and_by_its_path"),
    Line("polish.without", "fillers", "a rule is off", "test_polish_tried.py::test_it_is_written_as_the_settings_have_it_and_no_model_is_asked"),
    Line("polish.budget_ms", "2000", "how long a model is waited for", "test_polish_llm.py::test_an_answer_beyond_the_budget_is_replaced_by_the_rules_text"),
    Line("paste.join", "none", "no space in between", "test_paste_text.py::test_two_dictations_are_joined_by_one_space"),
    Line("context.cursor", "on", "fits in at the cursor", "test_making.py::test_what_may_be_looked_at_is_off_unless_it_is_chosen"),
    Line("context.site", "on", "the page chooses the style", "test_making.py::test_what_may_be_looked_at_is_off_unless_it_is_chosen"),
    Line("emotion.engine", "off", "nothing is noted", "test_making.py::test_emotion_is_read_on_this_machine_unless_it_is_off"),
    Line("history.keep_audio_days", "30", "recordings stay", "test_memory.py::test_what_is_too_old_or_too_much_goes_and_so_does_what_a_kill_left"),
    Line("history.keep_text_days", "365", "text stays", "test_memory.py::test_what_is_too_old_or_too_much_goes_and_so_does_what_a_kill_left"),
    Line("history.max_audio_mb", "500", "the oldest recordings go", "test_memory.py::test_what_is_too_old_or_too_much_goes_and_so_does_what_a_kill_left"),
    Line("history.private", "on", "nothing is kept", "e2e/test_main_job.py::test_in_private_the_words_are_in_the_window_and_nowhere_else"),
    Line("history.exclude", "keepassxc", "nothing is kept of it", "test_memory.py::test_an_excluded_application_leaves_nothing"),
    Line("history.sensitive", "on", "password managers and private windows are kept, too", "test_sensitive.py::test_ones_own_list_and_private_mode_still_hold_where_the_list_is_not_wanted"),
    Line("history.encrypted", "on", "what is kept is encrypted", "test_sealed_history.py::test_what_is_chosen_on_the_command_line_is_so_without_an_app"),
    Line("audio.cue_volume", "20", "how loud cues are", "test_cues.py::test_the_volume_makes_it_softer_and_never_louder_than_a_tenth"),
    Line("audio.cue_start", "/tmp/own.wav", "a sound of your own", "test_cues.py::test_a_sound_of_ones_own_is_played_in_the_place_of_ours"),
    Line("audio.cue_stop", "/tmp/own.wav", "a sound of your own", "test_cues.py::test_a_sound_of_ones_own_is_played_in_the_place_of_ours"),
    Line("audio.cue_cancel", "/tmp/own.wav", "a sound of your own", "test_cues.py::test_a_sound_of_ones_own_is_played_in_the_place_of_ours"),
    Line("audio.cue_error", "/tmp/own.wav", "a sound of your own", "test_cues.py::test_a_sound_of_ones_own_is_played_in_the_place_of_ours"),
    Line("look.theme", "dark", "its colours", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("look.contrast", "high", "its contrast", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("look.motion", "off", "nothing moves", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("look.language", "zh_CN", "what the windows speak", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("look.scale", "150", "its size from the next start", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("look.pill", "compact", "how much the overlay says", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("look.tray", "monochrome", "the tray's icon has no colour", "ui/test_tray.py::test_a_monochrome_icon_has_one_colour"),
    Line("look.pill_place", "top", "where the overlay stands", "e2e/test_look.py::test_what_is_chosen_is_so_at_once_or_from_the_next_start"),
    Line("startup.autostart", "on", "starts with the session", "test_autostart.py::test_it_is_there_once_it_is_switched_on_and_gone_once_it_is_off"),
    Line("updates.check", "daily", "a newer version is looked for", "test_updates.py::test_it_is_asked_once_a_day_where_that_is_wanted"),
    Line("updates.url", "https://example.org/newest", "where it is looked for", "test_updates.py::test_nobody_is_asked_without_an_address_or_without_the_wish"),
)  # fmt: skip

WITHOUT_CONTROL = {
    "vocabulary.words": "a table in the section Words (test_settings_words)",
}
"""Settings that only the file and the command line have."""
