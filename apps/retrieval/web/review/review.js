/** The review page: one caption at a time, every decision on the server's disk before the next is shown. */

const element = (id) => document.getElementById(id);
const state = { items: [], at: 0, isEditing: false, isSaving: false };

const current = () => state.items[state.at];

function show() {
  const item = current();
  const { decision } = item;
  element('image').src = `/api/image?id=${encodeURIComponent(item.id)}`;
  element('image').alt = item.source;
  element('source').textContent = item.source;
  element('translation').textContent = decision?.verdict === 'edit' ? decision.text : item.translation || '(none)';
  element('flags').replaceChildren(
    ...[`quality ${item.quality.toFixed(2)}`, ...item.flags].map((flag) => {
      const entry = document.createElement('li');
      entry.textContent = flag;
      return entry;
    }),
  );
  element('verdict').textContent = decision ? `You said: ${decision.verdict}` : '';
  const decided = state.items.filter((each) => each.decision).length;
  element('progress').textContent =
    `${state.reviewer}: caption ${state.at + 1} of ${state.items.length}, ${decided} decided`;
  element('problem').textContent = '';
  setEditing(false);
  const ahead = state.items[state.at + 1];
  if (ahead) new Image().src = `/api/image?id=${encodeURIComponent(ahead.id)}`;
}

function setEditing(isEditing) {
  state.isEditing = isEditing;
  for (const id of ['editor', 'editing']) element(id).hidden = !isEditing;
  for (const id of ['translation', 'actions']) element(id).hidden = isEditing;
  if (!isEditing) return;
  element('editor').value = current().decision?.verdict === 'edit' ? current().decision.text : current().translation;
  element('editor').focus();
}

function move(by) {
  const to = state.at + by;
  if (to < 0 || to >= state.items.length) {
    element('problem').textContent = by > 0 ? 'That was the last caption.' : 'This is the first caption.';
    return;
  }
  state.at = to;
  show();
}

async function decide(verdict, text = '') {
  if (state.isSaving) return;
  state.isSaving = true;
  const item = current();
  try {
    const response = await fetch('/api/decisions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: item.id, verdict, text }),
    });
    if (!response.ok) throw new Error((await response.json()).error);
    item.decision = { verdict, text: verdict === 'edit' ? text.trim() : item.translation };
    if (state.at + 1 < state.items.length) state.at += 1;
    show();
  } catch (error) {
    element('problem').textContent = `Not saved: ${error.message}`;
  } finally {
    state.isSaving = false;
  }
}

const actions = {
  accept: () => decide('accept'),
  reject: () => decide('reject'),
  edit: () => setEditing(true),
  back: () => move(-1),
  next: () => move(1),
  save: () => decide('edit', element('editor').value),
  leave: () => setEditing(false),
};

const keys = { a: 'accept', r: 'reject', e: 'edit', ArrowLeft: 'back', ArrowRight: 'next' };

document.addEventListener('keydown', (event) => {
  if (state.items.length === 0) return;
  if (state.isEditing) {
    if (event.key === 'Escape') actions.leave();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void actions.save();
    return;
  }
  const action =
    event.ctrlKey || event.metaKey || event.altKey
      ? undefined
      : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action === undefined) return;
  event.preventDefault();
  void actions[action]();
});

for (const [id, action] of Object.entries(actions)) element(id).addEventListener('click', () => void action());

const { items, reviewer, languages } = await (await fetch('/api/items')).json();
Object.assign(state, {
  items,
  reviewer,
  at: Math.max(
    0,
    items.findIndex((item) => !item.decision),
  ),
});
element('source').lang = languages.source;
for (const id of ['translation', 'editor']) element(id).lang = languages.target;
document.querySelector('main').hidden = false;
show();
