"""The one source of `_`, so that every text a person sees is marked where it is written.

The catalogue is chosen once, at import, since tables of texts are built at import too. It is
the only file that the domain ever reads; without one, texts stay as they are written.
"""

import gettext

from app import ROOT

TRANSLATIONS = ROOT / "resources" / "translations"

_catalogue = gettext.translation("loquat", TRANSLATIONS, fallback=True)
_ = _catalogue.gettext
ngettext = _catalogue.ngettext
