// Runs once for each HTML component of the page; `element`, `trigger` and `watch` are Gradio's.
element.addEventListener('click', (event) => {
    const target = event.target.closest('[data-article], [data-question], [data-copy], [data-list], [data-back]');
    if (!target || !element.contains(target)) return;
    const { article, start, end, question, copy, back } = target.dataset;
    if (article !== undefined) {
        document.querySelectorAll('.cd-chosen').forEach((chosen) => chosen.classList.remove('cd-chosen'));
        target.classList.add('cd-chosen');
        trigger('select', { article, start: start ?? '0', end: end ?? '0' });
    } else if (question !== undefined) {
        trigger('submit', { question });
    } else if (copy !== undefined) {
        navigator.clipboard.writeText(copy).then(() => { target.textContent = 'Copied'; });
    } else if (back !== undefined) {
        const answer = document.querySelector('.cd-chosen') ?? document.querySelector('#cd-talk');
        answer.scrollIntoView({ block: 'center', behavior: 'smooth' });
    } else {
        trigger('list', {});
    }
});

// A new question, and again its finished answer, is brought to the top; while it streams, the reader may scroll.
let state = '0';
watch('value', () => {
    const turns = element.querySelectorAll('.cd-turn');
    const now = `${turns.length} ${element.querySelector('.cd-waiting') === null}`;
    if (turns.length && now !== state) turns[turns.length - 1].scrollIntoView({ block: 'start', behavior: 'smooth' });
    state = now;
});
