// Speaks a text and prints a line of JSON about the result.
// Usage: node synthesize.js HOST KEY TEXT
const sdk = require("microsoft-cognitiveservices-speech-sdk");

const [host, key, text] = process.argv.slice(2);
const config = sdk.SpeechConfig.fromHost(new URL(host), key);
config.speechSynthesisVoiceName = "en-US-JennyNeural";
config.speechSynthesisOutputFormat =
  sdk.SpeechSynthesisOutputFormat.Riff24Khz16BitMonoPcm;
const synthesizer = new sdk.SpeechSynthesizer(config, null);
const end = (facts) => {
  console.log(JSON.stringify(facts));
  synthesizer.close();
};
synthesizer.speakTextAsync(
  text,
  (result) =>
    end({
      done: result.reason === sdk.ResultReason.SynthesizingAudioCompleted,
      details: result.errorDetails ?? null,
      audio: result.audioData
        ? Buffer.from(result.audioData).toString("base64")
        : null,
    }),
  (error) => end({ done: false, details: String(error), audio: null }),
);
