"""Translation functions `_` and `ngettext` (GNU gettext) for every text that a person sees.

The catalogue of the system's language is loaded at import, since tables of texts are built at
import too. It is the only file that the domain reads; without it, texts stay English.
"""

import gettext

from app import ROOT

TRANSLATIONS = ROOT / "resources" / "translations"

_catalogue = gettext.translation("loquat", TRANSLATIONS, fallback=True)
_ = _catalogue.gettext
ngettext = _catalogue.ngettext
