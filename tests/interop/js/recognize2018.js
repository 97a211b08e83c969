// Recognizes one WAV file with Microsoft's SDK of 2018, which is made for browsers:
// what a browser brings is put in place here, the SDK itself is as it came.
// Usage: node recognize2018.js HOST key|token SECRET FILE MODE FORMAT
const fs = require("fs");
const path = require("path");
const buffer = require("buffer");

global.window = global;
global.WebSocket = require("ws");
global.File = buffer.File;
global.FileReader = class {
  readAsArrayBuffer(blob) {
    blob.arrayBuffer().then((result) => {
      this.result = result;
      this.onload({ target: this });
    });
  }
};
const sdk = require("microsoft-speech-browser-sdk");

const [host, how, secret, file, mode, format] = process.argv.slice(2);
const say = (kind, facts) =>
  process.stdout.write(JSON.stringify({ kind, ...facts }) + "\n");
console.log = console.info = console.debug = () => {}; // it logs every event

sdk.Storage.Local.GetOrAdd("Host", host);
const device = new sdk.Device("SpeechSample", "SpeechSample", "1.0.00000");
const context = new sdk.Context(new sdk.OS("Node", "Linux", null), device);
const config = new sdk.RecognizerConfig(
  new sdk.SpeechConfig(context),
  sdk.RecognitionMode[mode],
  "en-US",
  sdk.SpeechResultFormat[format],
);
const token = () => {
  const made = new sdk.Deferred();
  made.Resolve(secret);
  return made.Promise();
};
const authentication =
  how === "key"
    ? new sdk.CognitiveSubscriptionKeyAuthentication(secret)
    : new sdk.CognitiveTokenAuthentication(token, token);
const audio = new buffer.File([fs.readFileSync(file)], path.basename(file));
const recognizer = sdk.CreateRecognizerWithFileAudioSource(
  config,
  authentication,
  audio,
);
recognizer.Recognize((event) => {
  say(event.Name, { result: event.Result ?? null, status: event.Status ?? null });
  if (event.Name === "RecognitionEndedEvent") setTimeout(() => process.exit(0), 300);
});
