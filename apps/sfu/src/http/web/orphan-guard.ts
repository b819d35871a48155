// Loaded into the web server's process before its own program: when the media server dies, even by SIGKILL, the
// channel between them closes, and a web server without a way to it must not live on.
process.once('disconnect', () => {
  process.exit(0);
});
// The channel alone must not keep a process alive that wants to end.
process.channel?.unref();
