// What shape and colour is drawn for a car without a photo? From its body type, or from the model's name.

export type Body = 'suv' | 'truck' | 'van' | 'hatch' | 'sedan';

// First what the listing says, then models whose shape everyone in the trade knows. The order matters:
// a "Crew Cab" is a truck whatever else is in the text.
const SHAPES: [Body, RegExp][] = [
  ['truck', /truck|pickup|crew cab|extended cab|f-?[1234]50|silverado|sierra|\bram\b|tacoma|tundra|ranger|frontier|colorado|canyon|ridgeline|titan|gladiator|maverick|santa cruz/],
  ['van', /\bvan\b|minivan|odyssey|sienna|pacifica|carnival|sedona|caravan|voyager|transit|sprinter|promaster|express|savana|metris/],
  ['suv', /suv|sport utility|crossover|cr-?v|hr-?v|pilot|passport|rav4|highlander|4runner|sequoia|venza|escape|explorer|\bedge\b|expedition|bronco|equinox|traverse|tahoe|suburban|blazer|trax|terrain|acadia|yukon|rogue|murano|pathfinder|kicks|armada|tucson|santa fe|palisade|kona|venue|sportage|sorento|telluride|seltos|forester|crosstrek|ascent|cx-?\d|wrangler|cherokee|compass|renegade|durango|tiguan|atlas|taos|outlander|encore|enclave|envision|mdx|rdx|\brx\b|\bnx\b|\bgx\b|\bq[3578]\b|\bx[1-7]\b|gl[abces]\b|xc\d0|model [xy]/],
  ['hatch', /hatch|wagon|golf|gti|\bfit\b|leaf|bolt|prius|veloster|\bsoul\b|outback|spark|yaris|mirage/],
];

export function bodyOf(body: string | null, label: string): Body {
  const said = `${body ?? ''} ${label}`.toLowerCase();
  return SHAPES.find(([, words]) => words.test(said))?.[0] ?? 'sedan';
}

// Muted, so that a page of drawings stays as quiet as the page.
const PAINTS: [RegExp, string][] = [
  [/white|pearl|ivory|cream/, '#e9ebee'],
  [/black|ebony|onyx/, '#5b626d'],
  [/silver|steel|platinum/, '#c6cbd2'],
  [/gr[ae]y|charcoal|graphite|granite|gun ?metal|slate/, '#8b929c'],
  [/red|ruby|crimson|maroon|burgundy|cherry/, '#a8574f'],
  [/blue|navy|indigo|sapphire/, '#64809f'],
  [/green|olive|forest/, '#6a8673'],
  [/orange|copper|bronze/, '#b9825a'],
  [/yellow|gold/, '#c3a95f'],
  [/brown|beige|tan|sand|mocha|champagne/, '#a8977d'],
];

export function paintOf(color: string | null): string {
  const said = (color ?? '').toLowerCase();
  return PAINTS.find(([words]) => words.test(said))?.[1] ?? '#c9ced6';
}
