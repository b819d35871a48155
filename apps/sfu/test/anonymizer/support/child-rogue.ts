// A process that speaks another language.
process.send?.({ type: 'picture', pixels: [1, 2, 3] });
setInterval(() => undefined, 1000);
