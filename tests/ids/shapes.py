"""Lines of the documented shapes, every GUID and address of our own making."""

from __future__ import annotations

S1 = "5e3a90b1c7d24f8896a1b2c3d4e5f601"
S2 = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
R1 = "a1a2a3a4b1b2b3b4c1c2c3c4d1d2d3d4"
TAG = "7C00FFEE7C00FFEE7C00FFEE7C00FFEE"
T1 = "1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809"
M1 = "99887766-5544-4332-a110-0f1e2d3c4b5a"
P1 = "12121212-3434-4565-8787-909090909090"
F1 = "fafbfcfd-0001-4002-8003-000400050006"
J1 = "4c0ffee0-e575-21f3-de03-f932aa046800"
NO_GUID = "00000000-0000-0000-0000-000000000000"
HOST = "https://westus.api.cognitive.microsoft.com/speechtotext"
NATIVE = "[193284]: 87ms SPX_DBG_TRACE_VERBOSE:  audio_stream_session.cpp"
NATIVE_STARTED = (
    f"{NATIVE}:1599 [0x55a8a3fb5ee0]CSpxAudioStreamSession::FireSessionStartedEvent: "
    f"Firing SessionStarted event: SessionId: {S1}"
)

SESSION_LINES = {
    "native, Linux": NATIVE_STARTED,
    "native, Windows": "[874193]: 218ms SPX_DBG_TRACE_VERBOSE:  audio_stream_session"
    ".cpp:1238 [0000023981752A40]CSpxAudioStreamSession::FireSessionStartedEvent: "
    f"Firing SessionStarted event: SessionId: {S1}",
    "native, 1.x with parentheses": "(438960): 13711ms SPX_DBG_TRACE_VERBOSE:  "
    "audio_stream_session.cpp:1176 [0xbddf0980]CSpxAudioStreamSession::"
    f"FireSessionStoppedEvent: Firing SessionStopped event: SessionId: {S1}",
    "native, earliest": f"Firing SessionStarted event: SessionId: {S1}",
    "native, in the middle": f"[1]: 5ms SPX_TRACE_ERROR: x SessionId: {S1} code 7",
    "native, memory logger": f": {NATIVE_STARTED}",
    "native, USP": "[193284]: 88ms SPX_DBG_TRACE_VERBOSE:  usp_connection.cpp:149 "
    "CSpxUspConnection::SetConfiguration Set UspConnection Configuration with "
    f"SessionId: {S1}",
    "native, property": f"{NATIVE} GetStringValue: this=0x7f; name='SessionId'; "
    f"value='{S1}'",
    "native, translation": "[5]: 9ms SPX_DBG_TRACE_VERBOSE:  audio_stream_session.cpp"
    ":1599 [0x1]CSpxTranslationRecognizer::FireSessionStartedEvent: Firing "
    f"SessionStarted event: SessionId: {S1}",
    "spx started": f"SESSION STARTED: {S1}",
    "spx stopped": f"SESSION STOPPED: {S1}",
    "template with a dot": f"    SESSION STARTED: {S1}.",
    "Python event": f"SESSION STARTED: SessionEventArgs(session_id={S1})",
    "JavaScript, browser": f"(sessionStarted) SessionId: {S1.upper()}",
    "JavaScript, Node": f"(sessionStarted) SessionId:{S1.upper()}",
    "JavaScript, diagnostics": "2026-11-20T12:48:42.071Z | ConnectingToServiceEvent | "
    f"privName: ConnectingToServiceEvent | privRequestId: {R1.upper()} | "
    f"privSessionId: {S1.upper()} | privAuthFetchEventid: {R1.upper()}",
    "JavaScript, connection": "2026-11-20T12:48:42.071Z | ConnectionStartEvent | "
    f"privConnectionId: {S1.upper()} | privUri: wss://127.0.0.1",
    "JavaScript, inspected": "SessionEventArgs { privOffset: undefined, "
    f"privSessionId: '{S1.upper()}' }}",
    "Go": f"Session Started (ID= {S1} )",
    "C#": f"Session started event. SessionId={S1}",
    "Java": f"Session started event. Session id: {S1}",
    "connected": f"Successfully connected, sessionId: {S1}",
    "quota": "Connection was closed by the remote host. Error code: 1007. Error "
    f"details: Quota exceeded. Cid:  SessionId: {S1}",
    "end of an error": f"X-ConnectionId: {S1} SessionId: {S1}",
    "401": "WebSocket upgrade failed: Authentication error (401). Please check "
    f"subscription information and region name. SessionId: {S1}",
    "request URL": "https://westeurope.stt.speech.microsoft.com/speech/recognition/"
    f"conversation/cognitiveservices/v1?language=en-US&X-ConnectionId={S1}",
    "access log": '10.0.0.7 - - [20/Nov/2026:12:48:42 +0000] "POST /speech/recognition/'
    f'interactive/cognitiveservices/v1?X-ConnectionId={S1}&language=de HTTP/1.1" 200',
    "curl": f"> X-ConnectionId: {S1}",
    "HTTP/2 header": f"x-connectionid: {S1}",
    "Go header": f"X-Connectionid: [{S1}]".replace("[", "").replace("]", ""),
    "header tuple": f"(b'X-ConnectionId', b'{S1}')",
    "escaped URL": f"next=%2Fv1%3FX-ConnectionId%3D{S1}%26language%3Den",
    "telemetry": f'{{"Metrics":[{{"Name":"Connection","Id":"{S1}","Start":"2026"}}]}}',
    "telemetry, JavaScript": '{"Metrics":[{"End":"2026","Id":"'
    f'{S1.upper()}","Name":"Connection"}}]}}',
    "escaped JSON": f'level=info body="{{\\"session_id\\":\\"{S1}\\"}}"',
    "docker": f'{{"log":"{NATIVE_STARTED}\\n","stream":"stderr"}}',
    "stderr of stt": f"session id: {S1}",
    "log of stt": f"2026-11-20T14:03:05.123Z SessionId: {S1}",
    "Watson session": f'{{"session_id": "{S1}", "new_session_uri": "https://x/v1"}}',
    "Watson address": f"GET /v1/sessions/{S1}/observe_result?sequence_id=1 HTTP/1.1",
}

NO_ID_LINES = {
    "empty property": f"{NATIVE} GetStringValue: name='SessionId'; value=''",
    "null in JavaScript": "ConnectionEvent | privSessionId: <NULL> | x",
    "git hash": "commit 2e6af82d1c3b4a5968778695a4b3c2d1e0f9a8b7",
    "git hash as a session": "sessionId: 2e6af82d1c3b4a5968778695a4b3c2d1e0f9a8b7",
    "ETag": f'ETag: "{R1}"',
    "key": f"Ocp-Apim-Subscription-Key: {R1}",
    "key in a variable": f"AZURE_SPEECH_KEY={R1}",
    "service tag": f'{{"context":{{"serviceTag":"{TAG}"}}}}',
    "request": f"[1]: 1ms SPX_TRACE_INFO:  usp_connection.cpp:690 RequestId: '{R1}'",
    "request header": f"X-RequestId:{R1}",
    "result": f"RECOGNIZED: ResultId={R1} Reason=RecognizedSpeech Text=hello",
    "synthesis": f"SYNTHESIS STARTED: {R1}",
    "another's session": f"Set-Cookie: JSESSIONID={R1.upper()}; Path=/",
    "a cookie": f"Cookie: theme=dark; sessionid={R1}",
    "a word before": f"audioSessionId: {R1}",
    "too short": f"SessionId: {S1[:31]}",
    "too long": f"SessionId: {S1}0",
    "dashed": f"SessionId: {T1}",
    "no digits": "X-ConnectionId: missing",
    "zeros": f"SessionId: {'0' * 32}",
    "an empty GUID": f'"self": "{HOST}/transcriptions/{NO_GUID}"',
    "empty connection": "GET /?X-ConnectionId=&language=en-US",
    "upload list": f'{{"id": "{T1}", "name": "something else", "status": "ok"}}',
    "job of another system": f"build_job={T1} state=done",
    "checksums": f"md5={R1} sha1=2e6af82d1c3b4a5968778695a4b3c2d1e0f9a8b7",
    "a device": f'{{"Name":"device","DeviceId":"{T1}"}}',
    "a color": "color=#0b734c41 border: 1px solid #faf8430380d4",
    "a login": f'{{"access_token": "t", "status": "ok", "session_id": "{S1[:20]}"}}',
    "list without an ID": f'"@nextLink": "{HOST}/v3.1/transcriptions?skip=100"',
    "blob": f'"contentUrl": "https://blob.example/{T1}/0.json?sig=abc"',
}
