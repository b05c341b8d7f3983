"""Where does inter-hyphen.woff2 come from? From the Inter that the screens load anyway (SIL Open Font License 1.1).

Its latin file has no glyph for U+2010 and U+2011, so a model name such as CR-V, whose hyphen must not break, would borrow its hyphen
from another face. This cuts the plain hyphen out and names it by those two. Run in web/ after `npm ci`, with fonttools and brotli.
"""

from fontTools import subset

LATIN = "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"
MADE = "src/fonts/inter-hyphen.woff2"

options = subset.Options()
options.flavor = "woff2"
options.layout_features = []
options.hinting = False
options.notdef_outline = False
options.drop_tables += ["GDEF", "GPOS", "GSUB", "MVAR", "STAT", "gasp", "prep"]

font = subset.load_font(LATIN, options)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[ord("-")])
subsetter.subset(font)
for table in font["cmap"].tables:
    table.cmap = {0x2010: "hyphen", 0x2011: "hyphen"}
subset.save_font(font, MADE, options)
