// Whose work is in the binary? Writes the licences of every crate and every npm package that ends up in it, each text once.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TEXT = /^(?:licen[cs]e|copying|notice|unlicense)/i;

/** The crates that are linked in: not those that only build or test. */
function crates() {
  const target = execFileSync('rustc', ['-vV'], { encoding: 'utf8' }).match(/^host: (.*)$/m)[1];
  const asked = ['metadata', '--format-version', '1', '--locked', '--filter-platform', target];
  const said = JSON.parse(execFileSync('cargo', asked, { encoding: 'utf8', maxBuffer: 1 << 28 }));
  const nodes = new Map(said.resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set();
  const next = [said.resolve.root];
  while (next.length > 0) {
    const id = next.pop();
    if (linked.has(id)) continue;
    linked.add(id);
    next.push(...nodes.get(id).deps.filter((dep) => dep.dep_kinds.some((k) => k.kind === null)).map((dep) => dep.pkg));
  }
  linked.delete(said.resolve.root);
  return said.packages
    .filter((p) => linked.has(p.id))
    .map((p) => ({ name: `${p.name} ${p.version}`, licence: p.license ?? 'see its text', folder: dirname(p.manifest_path) }));
}

/** The packages of the screens: what `dependencies` name, and what those need in turn. */
function screens() {
  const lock = JSON.parse(readFileSync('web/package-lock.json', 'utf8')).packages;
  return Object.entries(lock)
    .filter(([path, p]) => path !== '' && !p.dev && !p.devOptional && existsSync(join('web', path)))
    .map(([path, p]) => ({
      name: `${path.replace(/^.*node_modules\//, '')} ${p.version}`,
      licence: p.license ?? 'see its text',
      folder: join('web', path),
    }));
}

function texts(folder) {
  const files = readdirSync(folder, { withFileTypes: true }).filter((e) => e.isFile() && TEXT.test(e.name));
  const names = files.map((e) => e.name).sort();
  return names.map((name) => readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n').trim());
}

const all = [...crates(), ...screens()].sort((a, b) => (a.name < b.name ? -1 : 1));
const users = new Map();
for (const part of all) {
  for (const text of texts(part.folder)) users.set(text, [...(users.get(text) ?? []), part.name]);
}

const out = ['Headlight contains the work of others, under these licences.', ''];
for (const part of all) out.push(`${part.name}: ${part.licence}`);
for (const [text, names] of users) out.push('', '='.repeat(78), names.join(', '), '', text);
process.stdout.write(`${out.join('\n')}\n`);
