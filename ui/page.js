// Runs once for each HTML component of the page; `element`, `trigger` and `watch` are Gradio's.
let opened, keyboard, refocus, turned;
const MOST_BYTES = 100e6; // of a file, as the server has it
const ticked = window.citedeskTicked ??= new Set();
const ACTS = {
    recall: ({ recall }) => trigger('recall', { id: recall }),
    rename: (data, target) => renameIn(target.closest('li'), data.rename),
    erase: ({ erase }, target) => sure(target, 'Delete for good?') && trigger('erase', { id: erase }),
    notes: () => trigger('notes', {}),
    unpin: ({ unpin }) => trigger('unpin', { id: unpin }),
    pin: ({ pin }) => trigger('pin', { turn: pin }),
    judge: (data, target) => judge(data, target),
    again: ({ again }) => trigger('submit', { turn: again }),
    edit: ({ edit, words }, target) => editIn(target.closest('.cd-turn'), edit, words),
    export: ({ export: form, of }, target) => {
        target.closest('.cd-menu')?.removeAttribute('open');
        trigger('save', { form, of });
    },
    sheet: ({ sheet, of, start, end }) => trigger('sheet', { article: of, sheet, start, end }),
    leaf: ({ leaf }) => turnTo(leaf),
    withdraw: ({ withdraw }) => { ticked.delete(withdraw); tellTicked(); trigger('withdraw', { article: withdraw, leaf: shownLeaf() }); },
    undo: ({ undo }) => trigger('undo', { article: undo, leaf: shownLeaf() }),
    untick: () => { ticked.clear(); showTicked(); tellTicked(); },
    fold: (data, target) => {
        const open = document.querySelector('#cd-kept').classList.toggle('cd-open');
        target.ariaExpanded = open;
    },
};
// A conversation is not left while an answer comes: its rest would be written into the other one.
const LEAVING = ['recall', 'erase', 'again', 'edit', 'withdraw', 'judge', 'pin'];
element.addEventListener('click', (event) => {
    const act = event.target.closest(Object.keys(ACTS).map((name) => `[data-${name}]`).join());
    if (act && element.contains(act)) {
        const name = Object.keys(ACTS).find((one) => act.dataset[one] !== undefined);
        if (LEAVING.includes(name) && document.querySelector('.cd-waiting')) return;
        const turn = act.closest('.cd-turn')?.dataset.turn;
        keyboard = act.matches(':focus-visible');
        refocus = keyboard && turn !== undefined ? `.cd-turn[data-turn="${turn}"] .cd-acts:last-child :is(button, summary)` : undefined;
        ACTS[name](act.dataset, act);
        return;
    }
    const target = event.target.closest('[data-article], [data-question], [data-copy], [data-list], [data-back]');
    if (!target || !element.contains(target)) return;
    const { article, start, end, question, copy, back } = target.dataset;
    keyboard = target.matches(':focus-visible');
    if (article !== undefined) {
        opened = article;
        document.querySelectorAll('.cd-chosen').forEach((chosen) => chosen.classList.remove('cd-chosen'));
        target.classList.add('cd-chosen');
        trigger('select', { article, start: start ?? '0', end: end ?? '0' });
    } else if (question !== undefined) {
        trigger('submit', { question });
    } else if (copy !== undefined) {
        navigator.clipboard.writeText(copy).then(() => { target.textContent = 'Copied'; });
    } else if (back !== undefined) {
        goBack();
    } else {
        trigger('list', { leaf: shownLeaf() });
    }
});
element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target.closest('.cd-article')) goBack();
    if (event.key === 'Escape') event.target.closest('details[open]')?.removeAttribute('open');
});
element.addEventListener('change', ({ target }) => {
    if (target.dataset.tick !== undefined) {
        target.checked ? ticked.add(target.dataset.tick) : ticked.delete(target.dataset.tick);
        tellTicked();
    } else if (target.dataset.sort !== undefined) {
        refocus = '[data-sort]';
        trigger('sort', { order: target.value });
    } else if (target.dataset.leafTo !== undefined && target.value) {
        keyboard = true;
        turnTo(target.value);
    }
});
// The page of the list of articles that is shown, or was before an article was opened.
function shownLeaf() {
    return String(window.citedeskLeaf ?? 1);
}
function turnTo(leaf) {
    refocus = keyboard ? '[data-leaf-to]' : undefined;
    turned = true;
    trigger('list', { leaf });
}
function tellTicked() {
    trigger('tick', { articles: [...ticked].join('\n') });
}
function showTicked() {
    element.querySelectorAll('[data-tick]').forEach((box) => { box.checked = ticked.has(box.dataset.tick); });
}
// What cannot be undone is pressed twice; the second press counts while the button asks.
function sure(target, words) {
    if (target.dataset.asked) return true;
    const before = target.textContent;
    target.dataset.asked = 'yes';
    target.textContent = words;
    target.addEventListener('blur', () => { delete target.dataset.asked; target.textContent = before; }, { once: true });
    return false;
}
function renameIn(row, id) {
    const title = row.querySelector('.cd-title');
    const box = Object.assign(document.createElement('input'), { type: 'text', className: 'cd-rename', value: title.textContent, maxLength: 80 });
    box.setAttribute('aria-label', 'New title');
    title.replaceWith(box);
    row.querySelector('details').removeAttribute('open');
    box.focus();
    box.select();
    let done = false;
    const end = (keep) => {
        if (done) return;
        done = true;
        box.replaceWith(title);
        if (keep && box.value.trim() && box.value !== title.textContent) trigger('rename', { id, title: box.value });
        else title.focus();
    };
    box.addEventListener('keydown', (event) => { if (['Enter', 'Escape'].includes(event.key)) { event.stopPropagation(); end(event.key === 'Enter'); } });
    box.addEventListener('blur', () => end(true));
}
function editIn(turn, place, words) {
    const bubble = turn.querySelector('.cd-question');
    const box = Object.assign(document.createElement('textarea'), { className: 'cd-edit', value: words, rows: 2 });
    box.setAttribute('aria-label', 'Edit the question; Enter asks it, Escape leaves it');
    bubble.replaceWith(box);
    box.focus();
    box.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') { event.stopPropagation(); box.replaceWith(bubble); turn.querySelector('[data-edit]').focus(); }
        if (event.key === 'Enter' && !event.shiftKey && box.value.trim()) {
            event.preventDefault();
            trigger('submit', { question: box.value, turn: place });
        }
    });
}
function judge({ judge: verdict, of }, target) {
    if (verdict !== 'form') { trigger('judge', { turn: of, verdict }); return; }
    const form = target.closest('.cd-form');
    const value = (name) => form.querySelector(name).value;
    trigger('judge', { turn: of, verdict: value('input:checked'), right: value('[data-right]'), why: value('[data-why]') });
}
// Who comes back to the list finds the title that was pressed; the keyboard, whose button is gone, goes on from there.
function findPlace() {
    const title = element.querySelector(`.cd-library [data-article="${opened}"]`);
    title?.scrollIntoView({ block: 'nearest' });
    const place = title ?? element.querySelector('.cd-back, .cd-library .cd-link');
    if (keyboard && document.activeElement === document.body) place?.focus({ preventScroll: true });
    if (element.querySelector('.cd-library')) opened = undefined;
    keyboard = false;
}
function goBack() {
    const answer = document.querySelector('.cd-chosen') ?? document.querySelector('#cd-talk');
    answer.scrollIntoView({ block: 'center', behavior: 'smooth' });
    answer.focus({ preventScroll: true });
}

// A new question, and again its finished answer, is brought to the top and said to those who do not see it, as are the
// article that was opened and how many are listed; while an answer streams, the reader may scroll.
const NEWS = `:is(.cd-turn:last-child, #cd-panel) :is(.cd-verdict > :not(.cd-icon), .cd-short, .cd-reason, .cd-note, .cd-message),
    .cd-article :is(h2, mark), .cd-count`;
let state = '';
watch('value', () => {
    const library = element.querySelector('.cd-library');
    if (library) window.citedeskLeaf = library.dataset.shown;
    if (turned) (library ?? element.querySelector('.cd-shelf'))?.scrollIntoView({ block: 'start' });
    turned = false;
    findPlace();
    showTicked();
    if (refocus && document.activeElement === document.body) element.querySelector(refocus)?.focus({ preventScroll: true });
    const named = element.querySelector('[data-tab]');
    if (named) sessionStorage.setItem('citedesk', named.dataset.tab);
    if (!element.closest('#cd-talk, #cd-panel')) return;
    const turns = element.querySelectorAll('.cd-turn');
    const news = [...element.querySelectorAll(NEWS)].map((one) => one.textContent).join('. ');
    const now = `${turns.length} ${news}`;
    if (now === state) return;
    state = now;
    document.querySelector('.cd-said').textContent = news;
    turns[turns.length - 1]?.scrollIntoView({ block: 'start', behavior: 'smooth' });
});

// The id under which the program keeps what is said in this tab: with it a reload finds the conversation again.
if (element.closest('#cd-talk')) {
    const tab = sessionStorage.getItem('citedesk') ?? crypto.randomUUID();
    sessionStorage.setItem('citedesk', tab);
    trigger('resume', { tab });
}
// A menu closes when something else is pressed.
if (element.closest('#cd-talk')) {
    document.addEventListener('click', ({ target }) => {
        for (const menu of document.querySelectorAll('.cd-menu[open]')) if (!menu.contains(target)) menu.removeAttribute('open');
    });
}
// Arrow up in the empty box brings the last question back.
if (element.closest('#cd-talk')) {
    document.addEventListener('keydown', (event) => {
        const asked = element.querySelectorAll('[data-words]');
        const box = event.target;
        if (event.key !== 'ArrowUp' || !box.matches('#cd-box textarea') || box.value || !asked.length) return;
        event.preventDefault();
        box.value = asked[asked.length - 1].dataset.words;
        box.dispatchEvent(new Event('input', { bubbles: true }));
    });
}
// Files and folders may be dropped anywhere: they go the way of those that are chosen with the button.
if (element.closest('#cd-talk')) {
    const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
    const taking = () => document.querySelector('#cd-add input[type=file]');
    const show = (over) => document.body.classList.toggle('cd-dropping', over);
    document.addEventListener('dragover', (event) => {
        if (!brings(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = taking() ? 'copy' : 'none';
        show(Boolean(taking()));
    });
    document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) show(false); });
    document.addEventListener('drop', async (event) => {
        if (!brings(event)) return;
        event.preventDefault();
        show(false);
        const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry()).filter(Boolean);
        const chosen = new DataTransfer();
        const files = (await Promise.all(entries.map(filesOf))).flat();
        for (const file of files) if (file.size <= MOST_BYTES) chosen.items.add(file);
        leaveOut(files.filter(({ size }) => size > MOST_BYTES).map(({ name }) => name));
        const input = taking();
        if (!input || !chosen.files.length) return;
        input.files = chosen.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
    });
}
// One that is too large would break off the upload of all.
function leaveOut(names) {
    document.querySelector('.cd-left-out')?.remove();
    if (!names.length) return;
    const told = Object.assign(document.createElement('p'), { className: 'cd-left-out', textContent: `Larger than 100 MB, left out: ${names.join(', ')}` });
    told.setAttribute('role', 'status');
    document.querySelector('#cd-add').prepend(told);
}
// Of a folder, all below it but what is hidden or temporary, as the command line reads it.
async function filesOf(entry) {
    if (/^(\.|~\$)|~$/.test(entry.name)) return [];
    if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) return found;
        for (const one of some) found.push(...await filesOf(one));
    }
}
