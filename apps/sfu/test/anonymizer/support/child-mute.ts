// A process that starts and never says anything.
setInterval(() => undefined, 1000);
