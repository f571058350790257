/*
 * Builds microacq_pages/static/microacq_pages/css/site.css and fonts/ from css/*.css here and from
 * the GC Design System's packages. What it writes is committed, so running the site needs no Node.
 *
 *   npm ci --ignore-scripts && npm run build   (npm run lock after a change of versions)
 */
import { readdirSync, readFileSync, mkdirSync, writeFileSync, copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..", "..", "node_modules", "@gcds-core");
const target = join(here, "..", "static", "microacq_pages");

const FONTS = {
  "lato/gcds-lato.woff2": "lato-bold.woff2",
  "noto-sans/gcds-noto-sans-regular.woff2": "noto-sans-regular.woff2",
  "noto-sans/gcds-noto-sans-regular-italic.woff2": "noto-sans-italic.woff2",
  "noto-sans/gcds-noto-sans-bold.woff2": "noto-sans-bold.woff2",
  "lato/LICENSE.txt": "LICENSE-lato.txt",
  "noto-sans/LICENSE.txt": "LICENSE-noto-sans.txt",
};

const withoutComments = (css) => css.replace(/\/\*[\s\S]*?\*\//g, "");

/** Every design token, by name; before the reader's own font stands one with the measures of ours (10-base.css). */
function readTokens() {
  const css = readFileSync(join(packages, "tokens", "build", "web", "css", "tokens.css"), "utf8");
  const tokens = new Map();
  for (const [, name, value] of withoutComments(css).matchAll(/(--gcds-[\w-]+)\s*:\s*([^;]+);/g)) {
    tokens.set(name, value.trim().replace(/'(Lato|Noto Sans)', /g, "'$1', '$1 Fallback', "));
  }
  return tokens;
}

/** The tokens that a stylesheet needs, including those that other tokens refer to. */
function tokensUsedBy(css, tokens) {
  const used = new Set();
  const visit = (text) => {
    for (const [, name] of text.matchAll(/var\(\s*(--gcds-[\w-]+)/g)) {
      if (!tokens.has(name)) throw new Error(`No such design token: ${name}`);
      if (!used.has(name)) {
        used.add(name);
        visit(tokens.get(name));
      }
    }
  };
  visit(css);
  return [...used].sort();
}

function build() {
  const sources = join(here, "css");
  const css = readdirSync(sources)
    .filter((name) => name.endsWith(".css"))
    .sort()
    .map((name) => withoutComments(readFileSync(join(sources, name), "utf8")))
    .join("\n")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
  const tokens = readTokens();
  const declarations = tokensUsedBy(css, tokens).map((name) => `  ${name}: ${tokens.get(name)};`);
  const banner = "/* Built by npm run build from microacq_pages/static_src: edit there. */";

  mkdirSync(join(target, "css"), { recursive: true });
  writeFileSync(join(target, "css", "site.css"), `${banner}\n:root {\n${declarations.join("\n")}\n}\n${css}\n`);

  rmSync(join(target, "fonts"), { recursive: true, force: true });
  mkdirSync(join(target, "fonts"), { recursive: true });
  for (const [from, to] of Object.entries(FONTS)) {
    copyFileSync(join(packages, "fonts", "fonts", from), join(target, "fonts", to));
  }
}

build();
