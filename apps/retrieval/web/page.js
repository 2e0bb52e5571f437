import * as api from './api.js';
import { strings } from './strings.js';
import { element, facetChoice, hitCard, preferredLanguage, translatePage } from './view.js';

const PAGE = 24;
/** Below this the page says that nothing seems to fit: what chance alone brings up is about as likely. */
const SURE = 0.5;

const byId = (id) => document.getElementById(id);
const [form, query, file, status, results, more] = ['search', 'query', 'file', 'status', 'results', 'more'].map(byId);
const session = sessionStorage.getItem('session') ?? crypto.randomUUID?.() ?? String(Math.random()).slice(2);
sessionStorage.setItem('session', session);

let language = preferredLanguage();
let words = strings[language];
let asked; // what the results answer: { text, file, id, name }
let filter = {}; // facts that images must have
let latest = 0; // number of the latest call: an answer to an earlier one comes too late

function show(message) {
  status.textContent = message;
}

async function run(question, offset = 0) {
  const call = (latest += 1);
  asked = question;
  document.title = question.text ? `${question.text} – azclip` : 'azclip';
  if (offset === 0) results.replaceChildren();
  results.setAttribute('aria-busy', 'true');
  more.hidden = true;
  show(words.loading);
  try {
    const answer = await api.search(question, { k: PAGE, offset, session, filter });
    if (call === latest) showAnswer(answer, offset);
  } catch (error) {
    if (call === latest) showError(error);
  } finally {
    if (call === latest) results.setAttribute('aria-busy', 'false');
  }
}

function showAnswer(answer, offset) {
  const cards = answer.hits.map((hit) => hitCard(hit, words, { ...api, onSimilar, onJudge }));
  results.append(...cards);
  const shown = results.children.length;
  const isUnsure = answer.relevance !== null && answer.relevance < SURE;
  show(shown === 0 ? words.nothing : isUnsure ? words.unsure : words.found(shown, answer.total));
  more.hidden = answer.hits.length < PAGE;
  showSuggestions(answer.suggestions);
  if (offset > 0) cards[0]?.querySelector('a').focus();
}

function showError(error) {
  byId('login').hidden = error.status !== 401;
  if (error.status === 401) byId('token').focus();
  const known = { 0: words.unreachable, 401: words.token, 415: words.notImage };
  show(known[error.status] ?? error.message);
}

function showSuggestions(suggestions, before = words.perhaps) {
  const buttons = suggestions.map((text) => {
    const button = element('button', { type: 'button', textContent: text });
    button.addEventListener('click', () => ask(text));
    return button;
  });
  byId('suggestions').replaceChildren(...(buttons.length > 0 ? [before, ...buttons] : []));
  byId('suggestions').hidden = buttons.length === 0;
}

function ask(text) {
  query.value = text;
  history.pushState(null, '', text === '' ? '.' : `?${new URLSearchParams({ q: text })}`);
  if (text.trim() === '' && !asked?.file) return rest();
  run({ text, file: asked?.file });
}

function showExample(source, name) {
  const image = element('img', { src: source, alt: name });
  const clear = element('button', { type: 'button', textContent: words.clear });
  clear.addEventListener('click', () => {
    byId('example-image').hidden = true;
    asked = undefined;
    ask(query.value);
  });
  byId('example-image').replaceChildren(image, element('span', {}, words.like), clear);
  byId('example-image').hidden = false;
}

function onSimilar(hit) {
  history.pushState({ file: hit.file }, '', `?${new URLSearchParams({ like: hit.id })}`);
  restore();
  results.focus();
}

async function onJudge(hit, value) {
  try {
    await api.judge({ session, q: asked.text || `image:${asked.id ?? asked.file?.name}`, id: hit.id, value });
    show(words.saved);
    return true;
  } catch (error) {
    showError(error);
    return false;
  }
}

function askByFile(chosen) {
  if (!chosen || !api.canUpload) return;
  if (!chosen.type.startsWith('image/')) return show(words.notImage);
  showExample(URL.createObjectURL(chosen), chosen.name);
  run({ file: chosen, text: query.value });
}

/** What can be looked for, and lists of facts to narrow by where the index has any. Without them a page is as good as before. */
async function showOverview() {
  const { facets, examples, total } = await api.overview().catch(() => ({ facets: {}, examples: [] }));
  if (!asked && total !== undefined) {
    show(words.start(total));
    showSuggestions(examples, words.suchAs);
  }
  const choices = Object.entries(facets).map(([key, values]) =>
    facetChoice(key, values, words, (value) => {
      const { [key]: _, ...others } = filter;
      filter = value === undefined ? others : { ...others, [key]: value };
      if (asked) run(asked);
    }),
  );
  filter = {};
  byId('facets').replaceChildren(...choices);
  byId('facets').hidden = choices.length === 0;
}

/** Where the page itself answers, it says by what. */
async function showEngine() {
  const engine = await api.engine().catch(() => undefined);
  byId('engine').textContent = engine === undefined ? '' : words.engine(engine);
  byId('engine').hidden = engine === undefined;
}

function choose(chosen) {
  language = chosen;
  words = strings[language];
  localStorage.setItem('language', language);
  translatePage(language);
  showOverview();
  showEngine();
  if (asked) run(asked);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  ask(query.value);
});
file.addEventListener('change', () => askByFile(file.files[0]));
more.addEventListener('click', () => run(asked, results.children.length));
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => choose(button.dataset.language));
}
byId('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    await api.login(byId('token').value);
    byId('login').hidden = true;
    showOverview();
    if (asked) run(asked);
  } catch {
    show(words.wrongToken);
  }
});
for (const kind of ['dragover', 'dragleave', 'drop']) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle('dropping', kind === 'dragover');
    if (kind === 'drop') askByFile(event.dataTransfer.files[0]);
  });
}
/** Shows what the address asks for. */
function restore() {
  const address = new URLSearchParams(location.search);
  const [text, id] = [address.get('q') ?? '', address.get('like')];
  query.value = text;
  byId('example-image').hidden = true;
  if (id) showExample(api.imageUrl(id, 'thumb'), history.state?.file ?? '');
  if (id) run({ id, text: '' });
  else if (text !== '') run({ text });
  else rest();
}

/** Nothing is asked for. */
function rest() {
  asked = undefined;
  latest += 1;
  results.replaceChildren();
  more.hidden = true;
  document.title = 'azclip';
  show('');
  showOverview();
  query.focus();
}
addEventListener('popstate', restore);

for (const node of document.querySelectorAll('#file, [for=file]')) node.hidden = !api.canUpload;
translatePage(language);
restore();
if (asked) showOverview();
showEngine();
