// Leads on when the frames of other services have had their time, whatever became of them.
const next = document.querySelector('[data-wait-seconds]')
setTimeout(() => location.replace(next.href), next.dataset.waitSeconds * 1000)
