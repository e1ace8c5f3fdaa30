"""Which texts are evidently in none of the user's languages."""

from __future__ import annotations

import pytest

from desktop.core.files import read_package_toml
from desktop.stt.text_language import is_foreign
from models.catalog import load_catalog

ENGLISH = "I think that the weather is going to be fine, and we will go there with them."
GERMAN = "Ich glaube, dass das Wetter schön wird, und wir gehen mit ihnen auch noch in die Stadt."
RUSSIAN = "Я думаю, что погода будет хорошая, и мы пойдём туда."

SENTENCES = {
    "bg": "Мисля, че днес времето ще бъде хубаво и ние ще отидем там.",
    "cs": "Myslím, že dnes bude dobře, ale ještě nevím, jak to je.",
    "da": "Jeg tror, at vejret bliver godt, og så skal vi ud i haven.",
    "de": GERMAN,
    "el": "Νομίζω ότι ο καιρός θα είναι καλός και θα πάμε εκεί μαζί.",
    "es": "Creo que hoy no quiero ir a la casa de mi madre.",
    "et": "Ma arvan, et täna on hea ilm ja me läheme sinna.",
    "fi": "Minä luulen, että tänään on hyvä ilma ja me menemme sinne.",
    "fr": "Je crois que nous ne sommes pas encore dans la ville.",
    "hr": "Mislim da je danas lijepo vrijeme i da ćemo ići u grad.",
    "hu": "Azt hiszem, hogy ma jó idő lesz, és már nem kell várni.",
    "it": "Credo che oggi non sono ancora pronto per andare con te.",
    "lt": "Aš manau, kad šiandien yra geras oras, ir mes jau einame.",
    "lv": "Es domāju, ka šodien ir labs laiks un mēs jau ejam.",
    "mt": "Naħseb li llum hija ġurnata sabiħa u aħna se mmorru hemm ukoll.",
    "nl": "Ik denk dat het weer vandaag mooi wordt en dat we ook gaan.",
    "pl": "Myślę, że dziś jest ładnie, ale nie wiem, jak to będzie.",
    "pt": "Eu acho que hoje não vou para a casa da minha mãe.",
    "ro": "Cred că astăzi este frumos și nu trebuie să mai așteptăm.",
    "ru": RUSSIAN,
    "sk": "Myslím, že dnes bude dobre, ale ešte neviem, ako to je.",
    "sl": "Mislim, da je danes lepo vreme in da smo že tam.",
    "sv": "Jag tror att vädret blir bra och att vi ska gå ut.",
    "uk": "Я думаю, що сьогодні буде добре і ми підемо туди.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_sentence_is_foreign_for_english_alone(code: str) -> None:
    assert is_foreign(SENTENCES[code], ("en",))
    assert not is_foreign(SENTENCES[code], (code,))
    assert not is_foreign(SENTENCES[code], ("en", code))


@pytest.mark.parametrize("code", SENTENCES)
def test_english_is_foreign_for_every_other_language(code: str) -> None:
    assert is_foreign(ENGLISH, (code,))


def test_every_language_of_parakeet_has_words() -> None:
    words = read_package_toml("desktop.stt", "languages.toml")["words"]
    assert set(load_catalog("speech")["parakeet-v3"].languages) <= set(words)
    assert min(len(set(text.split())) for text in words.values()) >= 40


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("Me gustaría ir con mis amigos porque es muy tarde.", ("en",)),
        ("No sé qué hacer con esto.", ("en",)),
        ("Ich weiß nicht, was das ist.", ("en",)),
        ("Kannst du mir bitte noch ein Bier mitbringen?", ("en",)),
        ("On se voit demain chez moi avec les autres.", ("en",)),
        ("C'est la vie, mais je ne veux pas.", ("en",)),
        (ENGLISH, ("de",)),
        (ENGLISH, ("fr", "de")),
        (GERMAN, ("en",)),
        (RUSSIAN, ("en", "de")),
        (RUSSIAN, ("uk", "en")),
        (ENGLISH, ("ru",)),
        (ENGLISH, ("zh", "ja")),
        ("今天天气很好，我们一起去公园吧。", ("en",)),
        ("Il pense que nous ne sommes pas dans la ville.", ("it",)),
    ],
)
def test_text_in_another_language_is_foreign(text: str, allowed: tuple[str, ...]) -> None:
    assert is_foreign(text, allowed)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("I think I know what I want.", ("en",)),
        ("No, no, no.", ("en",)),
        ("I said I hope I can go on.", ("en",)),
        ("Do I know if I can? I guess I do.", ("en",)),
        ("I do, I do, I do.", ("en",)),
        ("As I see it I may do so as I go on.", ("en",)),
        ("I’m 14 stone, so I don’t drink, but I love food.", ("en",)),
        ("Um let's get um a new a new laptop.", ("en",)),
        ("Die war in the man, so will I, also per van and bin.", ("en",)),
        ("De La Soul and Los Lobos play in El Paso with them.", ("en",)),
        (ENGLISH, ("en",)),
        (ENGLISH, ()),
        (GERMAN, ("de", "en")),
        (RUSSIAN, ("be", "en")),
        ("", ("de",)),
        ("Okay.", ("ru",)),
        ("Downloads Ordner Update Release Branch", ("de",)),
        ("The Who und die Beatles spielen in der Stadt.", ("de",)),
        (ENGLISH, ("de", "sw")),  # whose words are not known
        ("我用 Visual Studio Code 写代码，也用 GitHub。", ("zh",)),
        ("今天天气很好，我们去公园。", ("zh-TW",)),
        ("12 34 56", ("el",)),
    ],
)
def test_text_without_clear_evidence_is_accepted(text: str, allowed: tuple[str, ...]) -> None:
    assert not is_foreign(text, allowed)


def test_no_language_with_a_script_of_its_own_counts_as_latin() -> None:
    scripts = read_package_toml("desktop.stt", "languages.toml")["scripts"]
    assert all(is_foreign(ENGLISH, (code,)) for codes in scripts.values() for code in codes)
