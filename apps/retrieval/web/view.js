import { strings } from './strings.js';

/** Makes an element; texts go in as text, never as markup. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { dataset, aria, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, dataset);
  for (const [key, value] of Object.entries(aria ?? {})) made.setAttribute(`aria-${key}`, value);
  made.append(...children);
  return made;
}

/** The language of the interface: the one chosen before, else that of the browser, else Azerbaijani. */
export function preferredLanguage() {
  const wanted = [localStorage.getItem('language'), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag) => tag in strings) ?? 'az';
}

/** Writes the fixed words of the page. */
export function translatePage(language) {
  const words = strings[language];
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = words[node.dataset.text];
  for (const node of document.querySelectorAll('[data-placeholder]'))
    node.placeholder = words[node.dataset.placeholder];
  for (const node of document.querySelectorAll('[data-label]'))
    node.setAttribute('aria-label', words[node.dataset.label]);
  for (const node of document.querySelectorAll('[data-language]')) {
    node.setAttribute('aria-pressed', String(node.dataset.language === language));
  }
}

/** A list of the values of one fact; the first stands for all. */
export function facetChoice(key, values, words, onChange) {
  const all = element('option', { value: '' }, words.all);
  const select = element(
    'select',
    {},
    all,
    ...values.map((value, i) => element('option', { value: i }, String(value))),
  );
  select.addEventListener('change', () => onChange(select.value === '' ? undefined : values[Number(select.value)]));
  return element('label', {}, `${key} `, select);
}

/** The card of one hit. */
export function hitCard(hit, words, { imageUrl, canJudge, onSimilar, onJudge }) {
  const caption = hit.caption?.split('\n')[0];
  const image = element('img', { src: imageUrl(hit.id, 'thumb'), alt: caption ?? hit.file, loading: 'lazy' });
  const link = element('a', { href: imageUrl(hit.id, 'full'), target: '_blank', rel: 'noopener' }, image);
  const same = hit.duplicates.length > 0 ? ` · ${words.same(hit.duplicates.length)}` : '';
  const facts = element(
    'p',
    { className: 'facts' },
    `${hit.file} · ${words.score}\u00a0${hit.score.toFixed(3)}${same}`,
  );
  const similar = element('button', { type: 'button', className: 'similar', textContent: words.similar });
  similar.addEventListener('click', () => onSimilar(hit));
  const actions = element('div', { className: 'actions' }, similar);
  if (canJudge) actions.append(...judgeButtons(hit, words, onJudge));
  const parts = caption === undefined ? [link, facts] : [link, element('p', {}, caption), facts];
  return element('li', { className: 'hit', dataset: { id: hit.id } }, ...parts, actions);
}

function judgeButtons(hit, words, onJudge) {
  const signs = { up: '✓', down: '✗' };
  const buttons = Object.entries(signs).map(([value, sign]) =>
    element('button', {
      type: 'button',
      textContent: sign,
      dataset: { value },
      aria: { label: words[value], pressed: 'false' },
    }),
  );
  for (const button of buttons) {
    button.addEventListener('click', async () => {
      const wasPressed = button.getAttribute('aria-pressed') === 'true';
      if (!(await onJudge(hit, wasPressed ? 'none' : button.dataset.value))) return;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button && !wasPressed));
    });
  }
  return buttons;
}
