// Recognizes one WAV file and prints a line of JSON for each event.
// Usage: node recognize.js HOST KEY FILE once|continuous
const fs = require("fs");
const sdk = require("microsoft-cognitiveservices-speech-sdk");

const [host, key, file, how] = process.argv.slice(2);
const say = (kind, facts) => console.log(JSON.stringify({ kind, ...facts }));

const config = sdk.SpeechConfig.fromHost(new URL(host), key);
config.speechRecognitionLanguage = "en-US";
if (how === "continuous") {
  config.outputFormat = sdk.OutputFormat.Detailed;
  config.requestWordLevelTimestamps();
}
const audio = sdk.AudioConfig.fromWavFileInput(fs.readFileSync(file));
const recognizer = new sdk.SpeechRecognizer(config, audio);
recognizer.sessionStarted = (_, event) => say("started", { id: event.sessionId });
recognizer.recognizing = (_, event) => say("recognizing", { text: event.result.text });
recognizer.recognized = (_, event) =>
  say("recognized", { text: event.result.text, json: event.result.json });
recognizer.canceled = (_, event) =>
  say("canceled", { reason: event.reason, details: event.errorDetails });

if (how === "once") {
  recognizer.recognizeOnceAsync(
    () => recognizer.close(),
    () => recognizer.close(),
  );
} else {
  recognizer.sessionStopped = () => recognizer.close();
  recognizer.startContinuousRecognitionAsync();
}
