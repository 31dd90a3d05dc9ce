// Drives Debian's Chromium through the status page and says what it found as TAP. page.t starts the server, provokes what
// should be seen, and passes it on in TLSDIAG_BROWSER (JSON).
'use strict';
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const { chromium } = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core'), 'utf8');

const given = JSON.parse(process.env.TLSDIAG_BROWSER);
const origin = new URL(given.url).origin;
const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let run = 0;
let failed = 0;

function ok(passed, name, detail) {
  run += 1;
  failed += passed ? 0 : 1;
  console.log(`${passed ? 'ok' : 'not ok'} ${run} - ${name}`);
  if (!passed && detail !== undefined) {
    console.log(String(typeof detail === 'string' ? detail : JSON.stringify(detail, null, 1)).replace(/^/gm, '# '));
  }
}

function is(got, expected, name) {
  ok(JSON.stringify(got) === JSON.stringify(expected), name, { got, expected });
}

// What a page must never do is collected in `sins` for as long as it lives.
async function openPage(browser, options) {
  const context = await browser.newContext(Object.assign({ ignoreHTTPSErrors: true, viewport: sizes.desktop }, options));
  const page = await context.newPage();
  const sins = [];
  page.on('console', (message) => sins.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => sins.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { sins.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('requestfailed', (request) => sins.push(`failed: ${request.url()} ${request.failure().errorText}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) {
      sins.push(`elsewhere: ${request.url()}`);
    }
  });
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  return { page, sins, close: () => context.close() };
}

async function innocent(view, name) {
  const violations = await view.page.evaluate(() => window.violations || []).catch(() => []);
  is(view.sins.concat(violations), [], `${name}: no console message, no policy violation, no dialog, no request elsewhere`);
}

// A client that ends at TLS 1.1: one more failure for the page to show.
function provoke() {
  return new Promise((resolve) => {
    const socket = tls.connect({ port: given.tlsPort, host: '127.0.0.1', servername: 'localhost', maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0', rejectUnauthorized: false });
    socket.on('error', resolve);
    socket.on('close', resolve);
    socket.on('secureConnect', () => socket.destroy());
  });
}

async function looksAtProblems(browser) {
  const view = await openPage(browser, {});
  const response = await view.page.goto(given.url);
  is(response.status(), 200, 'the page loads over https');
  const causes = await view.page.$$eval('.problems > .problem code.cause', (codes) => codes.map((code) => code.textContent));
  const wanted = causes.filter((cause) => given.ranking.includes(cause));
  is(wanted, given.ranking, 'problems are ranked as they were provoked');
  is(await view.page.locator('.verdict.bad .headline').count(), 1, 'the first thing to read is the verdict');
  await innocent(view, 'overview');
  await view.close();
}

async function filters(browser) {
  const view = await openPage(browser, {});
  await view.page.goto(given.url);
  await view.page.selectOption('select[name=cause]', given.ranking[0]);
  await Promise.all([view.page.waitForNavigation(), view.page.click('form.filter button')]);
  ok(view.page.url().includes(`cause=${given.ranking[0]}`), 'a filter stands in the address', view.page.url());
  const shown = await view.page.$$eval('table.failures code.cause', (codes) => codes.map((code) => code.textContent));
  ok(shown.length >= 2 && shown.every((cause) => cause === given.ranking[0]), 'only what was filtered for is shown', shown);
  is(await view.page.inputValue('select[name=cause]'), given.ranking[0], 'the form remembers');
  await Promise.all([view.page.waitForNavigation(), view.page.click('table.failures td.when a')]);
  ok(/\/record\//.test(view.page.url()), 'a row leads to its record', view.page.url());
  ok((await view.page.locator('table.timeline tr').count()) >= 4, 'which shows the handshake step by step');
  ok((await view.page.locator('pre.directive code').last().textContent()).startsWith('openssl s_client'), 'and how to imitate the client');
  await Promise.all([view.page.waitForNavigation(), view.page.click('table.facts a[href*="/vhost/"]')]);
  ok(/\/vhost\//.test(view.page.url()), 'and leads to the vhost', view.page.url());
  await innocent(view, 'filter, record, vhost');
  await view.close();
}

async function refreshesInPlace(browser) {
  const view = await openPage(browser, {});
  await view.page.goto(given.url);
  await view.page.evaluate(() => { window.sameDocument = true; document.querySelector('details').open = true; });
  const count = () => view.page.locator('table.failures td.when').count();
  const before = await count();
  await provoke();
  await view.page.click('#live button');
  await view.page.waitForFunction((n) => document.querySelectorAll('table.failures td.when').length > n, before, { timeout: 8000 })
    .catch(() => {});
  ok((await count()) > before, 'Live: what happens appears', { before, after: await count() });
  is(await view.page.evaluate(() => window.sameDocument), true, '... without loading the page anew');
  is(await view.page.evaluate(() => document.querySelector('details').open), true, '... and what was open stays open');
  is(await view.page.getAttribute('#live button', 'aria-pressed'), 'true', '... and the button says so');
  await innocent(view, 'live');
  await view.close();

  const reloaded = await openPage(browser, {});
  const response = await reloaded.page.goto(`${given.url}?refresh=1`);
  is(response.headers().refresh, '1', '?refresh=1 sets the header, as mod_status does');
  await reloaded.page.evaluate(() => { window.sameDocument = true; });
  await reloaded.page.waitForFunction(() => !window.sameDocument, null, { timeout: 8000 }).catch(() => {});
  is(await reloaded.page.evaluate(() => Boolean(window.sameDocument)), false, '... and the browser loads the page anew');
  await reloaded.close();
}

async function worksWithoutScript(browser) {
  const view = await openPage(browser, { javaScriptEnabled: false });
  await view.page.goto(given.url);
  ok((await view.page.locator('.problem').count()) >= given.ranking.length, 'without JavaScript the problems are there');
  ok((await view.page.locator('svg[role=img] title').count()) >= 4, 'and the charts');
  ok((await view.page.locator('table.failures td.when').count()) >= 2, 'and the failures');
  await view.close();
}

async function worksByKeyboard(browser) {
  const view = await openPage(browser, {});
  await view.page.goto(given.url);
  await view.page.keyboard.press('Tab');
  is(await view.page.evaluate(() => document.activeElement.className), 'skip', 'the first Tab reaches the link that skips to the content');
  await view.page.keyboard.press('Enter');
  is(await view.page.evaluate(() => location.hash), '#main', 'which does so');
  await view.page.focus('details summary');
  await view.page.keyboard.press('Enter');
  is(await view.page.evaluate(() => document.activeElement.closest('details').open), true, 'details open by the keyboard');
  await view.close();
}

async function looksGood(browser, name, url, looks) {
  for (const look of looks) {
    const [size, colorScheme] = look.split(' ');
    const view = await openPage(browser, { viewport: sizes[size], colorScheme });
    await view.page.goto(url);
    await view.page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    await view.page.screenshot({ path: path.join(given.shots, `${name}-${size}-${colorScheme}.png`) });
    const wide = await view.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    is(wide, 0, `${name}, ${look}: nothing is wider than the screen`);
    await view.page.evaluate(axe);
    const found = await view.page.evaluate(() => window.axe.run().then((result) => result.violations.map(
      (violation) => `${violation.impact} ${violation.id}: ${violation.nodes[0].html.slice(0, 200)}`)));
    is(found, [], `${name}, ${look}: axe finds no fault`);
    await innocent(view, `${name}, ${look}`);
    await view.close();
  }
}

async function main() {
  const browser = await chromium.launch({ executablePath: given.chromium, headless: true, args: flags });
  try {
    await looksAtProblems(browser);
    await filters(browser);
    await refreshesInPlace(browser);
    await worksWithoutScript(browser);
    await worksByKeyboard(browser);
    await looksGood(browser, 'overview', given.url, ['desktop light', 'desktop dark', 'phone light', 'phone dark']);
    await looksGood(browser, 'record', given.url + given.record, ['desktop dark', 'phone light']);
    await looksGood(browser, 'vhost', given.url + given.vhost, ['desktop light', 'phone dark']);
  } finally {
    await browser.close();
  }
  console.log(`1..${run}`);
  process.exitCode = failed ? 1 : 0;
}

main().catch((error) => {
  console.log(`Bail out! ${error.stack}`.replace(/\n/g, '\n# '));
  process.exitCode = 1;
});
