// Runs once for each HTML component of the page; `element`, `trigger` and `watch` are Gradio's.
let opened, keyboard;
element.addEventListener('click', (event) => {
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
        trigger('list', {});
    }
});
element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target.closest('.cd-article')) goBack();
});
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
    findPlace();
    const turns = element.querySelectorAll('.cd-turn');
    const news = [...element.querySelectorAll(NEWS)].map((one) => one.textContent).join('. ');
    const now = `${turns.length} ${news}`;
    if (now === state) return;
    state = now;
    document.querySelector('.cd-said').textContent = news;
    turns[turns.length - 1]?.scrollIntoView({ block: 'start', behavior: 'smooth' });
});

// The name of this tab, under which the program keeps what was said: it outlives a reload, and ends with the tab.
if (element.closest('#cd-talk')) {
    const tab = sessionStorage.getItem('citedesk') ?? crypto.randomUUID();
    sessionStorage.setItem('citedesk', tab);
    trigger('resume', { tab });
}
