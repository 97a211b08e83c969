// Translates one WAV file and prints a line of JSON for each event.
// Usage: node translate.js HOST KEY FILE TARGETS universal|alone|detect
const fs = require("fs");
const sdk = require("microsoft-cognitiveservices-speech-sdk");

const [host, key, file, targets, how] = process.argv.slice(2);
const say = (kind, facts) => console.log(JSON.stringify({ kind, ...facts }));

const path =
  how === "alone" ? "/speech/translation/cognitiveservices/v1" : "/stt/speech/universal/v2";
const config = sdk.SpeechTranslationConfig.fromEndpoint(new URL(host + path), key);
config.speechRecognitionLanguage = "en-US";
for (const target of targets.split(",")) config.addTargetLanguage(target);
const audio = sdk.AudioConfig.fromWavFileInput(fs.readFileSync(file));
const spoken = sdk.AutoDetectSourceLanguageConfig.fromLanguages(["en-US", "de-DE"]);
const recognizer =
  how === "detect"
    ? sdk.TranslationRecognizer.FromConfig(config, spoken, audio)
    : new sdk.TranslationRecognizer(config, audio);
const texts = (result) =>
  Object.fromEntries(
    (result.translations?.languages ?? []).map((tag) => [tag, result.translations.get(tag)]),
  );
recognizer.sessionStarted = (_, event) => say("started", { id: event.sessionId });
recognizer.recognizing = (_, { result }) =>
  say("recognizing", { text: result.text, translations: texts(result) });
recognizer.recognized = (_, { result }) =>
  say("recognized", {
    text: result.text,
    translations: texts(result),
    reason: sdk.ResultReason[result.reason],
    error: result.errorDetails,
  });
recognizer.canceled = (_, event) =>
  say("canceled", { reason: event.reason, details: event.errorDetails });
recognizer.sessionStopped = () => recognizer.close();
recognizer.startContinuousRecognitionAsync();
