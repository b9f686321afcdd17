// The pages in a real browser: used by keyboard alone, and each held against axe (WCAG 2.1 and 2.2, A and AA).
//
//   node pagina.mjs antwoord <address> <secret>   a person logs in, reads, answers, confirms and logs out
//   node pagina.mjs lezen <address> <secret>      a person reads every message, and what is view-only once
//   node pagina.mjs bestand <file>                a page that stands by itself
//
// One line of JSON for each page that was looked at. INBRENG_BROWSER: a folder with playwright-core and axe-core; INBRENG_CHROMIUM:
// the browser; INBRENG_BEELD: where pictures of the pages go, if anywhere.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.INBRENG_BROWSER, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const REGELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const BREED = { width: 1280, height: 900 };
// 320 CSS pixels: what is left of 1280 at four times the size (WCAG 1.4.10).
const SMAL = { width: 320, height: 640 };
// More than there are fields on any page.
const TABS = 600;

const [wat, waar, geheim] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.INBRENG_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--lang=nl"],
});
const page = await browser.newPage({ viewport: BREED, locale: "nl-NL", bypassCSP: false });
const gelopen = [];
page.on("console", (regel) => regel.type() === "error" && gelopen.push(regel.text()));
page.on("pageerror", (fout) => gelopen.push(String(fout)));

function zeg(regel) {
  console.log(JSON.stringify(regel));
}

// Which rules a page breaks and where, whether it needs sideways scrolling, and its headings.
async function bekijken(naam) {
  const opzij = {};
  for (const [maat, venster] of [["breed", BREED], ["smal", SMAL]]) {
    await page.setViewportSize(venster);
    // What sticks out, innermost first; nothing where nothing does.
    opzij[maat] = await page.evaluate(() => {
      const breedte = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= breedte) return [];
      const buiten = [...document.querySelectorAll("body *")].filter((el) => el.getBoundingClientRect().right > breedte + 1);
      return buiten.reverse().slice(0, 5).map((el) => el.outerHTML.slice(0, 160));
    });
  }
  await page.setViewportSize(BREED);
  await page.evaluate(axe);
  const uitslag = await page.evaluate((values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }), REGELS);
  const overtredingen = uitslag.violations.map(({ id, help, nodes }) => ({ id, help, waar: nodes.map((n) => n.html.slice(0, 200)) }));
  const koppen = await page.evaluate(() => [...document.querySelectorAll("h1, h2, h3, h4")].map((k) => `${k.tagName} ${k.innerText}`));
  if (process.env.INBRENG_BEELD) {
    await page.screenshot({ path: join(process.env.INBRENG_BEELD, `${naam.replaceAll(" ", "-")}.png`), fullPage: true });
  }
  zeg({ pagina: naam, titel: await page.title(), nagekeken: uitslag.passes.length, overtredingen, opzij, koppen });
}

// Presses Tab until this has the focus, and sees that the focus shows.
async function naar(kies, tekst) {
  for (let i = 0; i < TABS; i += 1) {
    await page.keyboard.press("Tab");
    const hier = await page.evaluate(([kies, tekst]) => {
      const el = document.activeElement;
      if (!el || !el.matches(kies) || (tekst !== undefined && el.innerText.trim() !== tekst)) return null;
      const stijl = getComputedStyle(el);
      return { zichtbaar: stijl.outlineStyle !== "none" && parseFloat(stijl.outlineWidth) > 0 };
    }, [kies, tekst]);
    if (hier) {
      if (!hier.zichtbaar) throw new Error(`the focus does not show on ${kies}`);
      return;
    }
  }
  throw new Error(`no Tab comes to ${kies} ${tekst ?? ""} on ${page.url()}`);
}

async function tik(kies, tekst) {
  await naar(kies);
  await page.keyboard.type(tekst);
}

// Chooses in a list by its first letters.
async function kies(lijst, tekst) {
  await tik(lijst, tekst);
  const gekozen = await page.evaluate(() => document.activeElement.selectedOptions[0].text);
  if (gekozen !== tekst) throw new Error(`${lijst} became ${gekozen}`);
}

// Enter on what has the focus, and the page that follows.
async function enter() {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press("Enter")]);
}

async function aanmelden(functie) {
  await page.goto(`${waar}/inbox`);
  await bekijken("aanmelden");
  await tik("#geheim", geheim);
  await tik("#functie", functie);
  await enter();
}

async function antwoord() {
  await aanmelden("behandelaar");
  await bekijken("berichten");
  // The list renews itself until a person stops that.
  await naar("a[href='/inbox?stil']");
  await enter();
  await naar("td a");
  await enter();
  await bekijken("bericht");
  await naar("a[href$='/antwoord/informatie-antwoord']");
  await enter();
  await bekijken("formulier");
  await kies("#antwoord", "Deels gedeeld");
  await naar("summary", "Hulp");
  await page.keyboard.press("Enter");
  await naar("input[name='deel.hulp']");
  await page.keyboard.press("Space");
  // Enter in a field asks, and never sends: what is wrong is told with a way to each field.
  await naar("[name='deel.hulp.bron.functie']");
  await enter();
  await bekijken("formulier met fouten");
  await naar("a[href='#deel.hulp.vormen']");
  await page.keyboard.press("Enter");
  zeg({ naarVeld: await page.evaluate(() => document.activeElement.id) });
  await tik("[name='deel.hulp.vormen.0.soort']", "Getikte gesprekken");
  await kies("[name='deel.hulp.vormen.0.stand']", "Loopt");
  await kies("[name='deel.hulp.bron.zekerheid']", "Feit");
  await naar("div.knoppen button[value='toets']");
  await enter();
  await bekijken("mag dit");
  zeg({ magDit: await page.innerText("main") });
  await naar("div.knoppen button[value='stuur']");
  await enter();
  await bekijken("verzonden");
  zeg({ verzonden: await page.innerText("h1") });
  await naar("p a[href='/inbox']");
  await enter();
  await naar("td a");
  await enter();
  for (const soort of ["dossier-verzoek", "misplaatsing"]) {
    const bericht = page.url();
    await naar(`a[href$='/antwoord/${soort}']`);
    await enter();
    await bekijken(soort);
    await page.goto(bericht);
  }
  await naar("form[action$='/bevestigen'] button");
  await enter();
  await bekijken("bevestigd");
  zeg({ bevestigd: await page.innerText("main") });
  await naar("header button");
  await enter();
  zeg({ afgemeld: page.url() });
}

async function lezen() {
  await aanmelden("gedragswetenschapper");
  const berichten = await page.$$eval("td a", (alle) => alle.map((a) => a.href));
  for (const [nummer, bericht] of berichten.entries()) {
    await page.goto(bericht);
    await bekijken(`lezen ${nummer}`);
    zeg({ gelezen: await page.innerText("main") });
    const antwoorden = await page.$$eval("a[href*='/antwoord/']", (alle) => alle.map((a) => a.href));
    if (await page.$("form[action*='/inzage/']")) {
      await kies("form[action*='/inzage/'] select", "Beoordelen");
      await naar("form[action*='/inzage/'] button");
      await enter();
      await bekijken(`inzage ${nummer}`);
      zeg({ ingezien: await page.innerText("main") });
    }
    for (const antwoord of antwoorden) {
      await page.goto(antwoord);
      await page.$$eval("details", (alle) => alle.forEach((d) => (d.open = true)));
      await bekijken(`${nummer} ${antwoord.split("/").pop()}`);
    }
  }
  await page.goto(`${waar}/inbox/bestaat-niet`);
  await bekijken("niet gevonden");
}

try {
  if (wat === "antwoord") await antwoord();
  else if (wat === "lezen") await lezen();
  else if (wat === "bestand") {
    await page.goto(pathToFileURL(waar).href);
    await bekijken("bestand");
  } else throw new Error(`unknown: ${wat}`);
  // A page that is not there says so in the browser's own console.
  zeg({ klaar: true, gelopen: gelopen.filter((g) => !g.includes("404")) });
} finally {
  await browser.close();
}
