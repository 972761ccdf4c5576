"""In which language a message is, where it is not English, and the one line that says so in it."""

from functools import cache
from typing import Any

LINES = {
    "de": "Ich lese nur Englisch. Kannst du es auf Englisch sagen?",
    "fr": "Je ne lis que l'anglais. Peux-tu le dire en anglais ?",
    "es": "Solo leo inglés. ¿Puedes decirlo en inglés?",
    "it": "Leggo solo l'inglese. Puoi dirlo in inglese?",
    "pt": "Só leio inglês. Podes dizer isso em inglês?",
    "nl": "Ik lees alleen Engels. Kun je het in het Engels zeggen?",
    "pl": "Czytam tylko po angielsku. Możesz to powiedzieć po angielsku?",
    "sv": "Jag läser bara engelska. Kan du säga det på engelska?",
    "da": "Jeg læser kun engelsk. Kan du sige det på engelsk?",
    "cs": "Čtu jen anglicky. Můžeš to říct anglicky?",
    "ru": "Я читаю только по-английски. Можете написать по-английски?",
    "tr": "Yalnızca İngilizce okuyabiliyorum. İngilizce söyler misin?",
    "zh": "我只能读英文。能用英文说吗？",
    "ja": "英語しか読めません。英語でお願いできますか？",
    "ko": "저는 영어만 읽을 수 있어요. 영어로 말씀해 주시겠어요?",
    "ar": "أقرأ الإنجليزية فقط. هل يمكنك قولها بالإنجليزية؟",
    "hi": "मैं केवल अंग्रेज़ी पढ़ता हूँ। क्या आप अंग्रेज़ी में कह सकते हैं?",
}
"""By ISO 639-1 code; what is in any other language is answered in English."""
ENGLISH = "en"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([ENGLISH, *LINES])
    return identifier


def language_of(text: str) -> str:
    """The code of the likeliest language; ``en`` where it has no letters."""
    if not any(c.isalpha() for c in text):
        return ENGLISH
    return str(_identifier().classify(text)[0])
