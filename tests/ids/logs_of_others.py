"""Logs, exports and messages of other makers' programs, all values made up.

Each was written as that program writes it, without a thought of how the search
reads it; a name says where it comes from.
"""

from __future__ import annotations

S = "9c1f0a7be3d24c55b1a0e6d7f8091a2b"
G = "6d0f2c1e-77aa-4b0c-9e55-0a1b2c3d4e5f"
HASH = "2e6af82d1c3b4a5968778695a4b3c2d1e0f9a8b7"

SESSIONS = {
    "logfmt": f'ts=2026-11-30T10:00:00Z level=info msg="up" session_id={S} dur=3ms',
    "klog": f'I1130 10:00:00.123456  1 speech.go:42] "opened" sessionID="{S}"',
    "Go, %+v": f"&{{SessionID:{S} Region:westeurope}}",
    "Ruby": f'{{:session_id=>"{S}", :region=>"we"}}',
    "PHP, print_r": f"Array\n(\n    [sessionId] => {S}\n)",
    "PHP, var_dump": f'array(1) {{\n  ["sessionId"]=>\n  string(32) "{S}"\n}}',
    "Java": f"SpeechSession[sessionId={S}, region=we]",
    "Objective-C": f"{{\n    sessionId = {S};\n}}",
    "NSError": f"Error Domain=SPXErrorDomain Code=5 UserInfo={{SessionId={S}, A=b}}",
    "Rust": f'session_id: Some("{S}")',
    "C#": f"SessionInfo {{ SessionId = {S}, Region = we }}",
    "PowerShell, list": f"SessionId : {S}\nRegion    : westeurope",
    "PowerShell, table": "Time                 SessionId                        Why\n"
    "----                 ---------                        ---\n"
    f"2026-11-30T10:00:00Z {S} Error\n",
    "psql": f" time |            session_id            | why\n----+----\n a | {S} | e",
    "mysql": f"+------+\n| session_id |\n+------+\n| {S} |\n+------+",
    "Rich": f"┃ time  ┃ Session ID ┃\n┡━━━━━━━╇━━━━━━━━━━━━┩\n│ 10:00 │ {S} │\n",
    "Markdown, table": f"| Time | Session ID | A |\n|---|---|---|\n| 10 | `{S}` | x |",
    "HTML, table": "<table><tr><th>Time</th><th>Session ID</th></tr>"
    f"<tr><td>10</td><td>{S}</td></tr></table>",
    "HTML, lines": "<tr>\n<th>Time</th>\n<th>Session ID</th>\n</tr>\n<tr>\n<td>1</td>\n"
    f"<td>{S}</td>\n</tr>",
    "Jira": f"||Session ID||{S}||",
    "Slack": f"*Session ID:* `{S}`",
    "Teams": f'<p><strong>Session ID</strong>: <span style="color:red">{S}</span></p>',
    "reStructuredText": f":Session ID: ``{S}``",
    "YAML": f"session_id: >-\n  {S}",
    "XML attribute": f'<event sessionId="{S}" time="x"/>',
    "OData": f'<d:SessionId m:type="Edm.String">{S}</d:SessionId>',
    "plist": f"<key>SessionId</key>\n\t<string>{S}</string>",
    "escaped XML": f"&lt;SessionId&gt;{S}&lt;/SessionId&gt;",
    "CSV, German": f"Zeit;SessionId;Grund\n30.11.2026;{S};Fehler",
    "CSV, quoted": f'"time","Session ID","reason"\n"10:00","{S}","a, b"',
    "Kusto": f"timestamp [UTC],message,customDimensions_SessionId\n2026,x,{S}",
    "syslog": f'<165>1 2026-11-30T10:00:00Z host app 1 - [stt@1 sessionId="{S}"] msg',
    "GELF": f'{{"short_message":"x","_session_id":"{S}"}}',
    "CEF": f"CEF:0|a|b|1|2|3|4|cs1Label=SessionId cs1={S}",
    "Wireshark": f"    X-ConnectionId: {S}\\r\\n",
    "Charles": f"X-ConnectionId\t{S}",
    "axios": f"rawHeaders: [ 'X-ConnectionId', '{S}' ]",
    "GitHub Actions": f"2026-11-30T10:00:00.1234567Z ##[debug]SessionId: {S}",
    "GitLab": f"\x1b[0KSessionId: {S}\x1b[0;m",
    "adb": f"11-30 10:00:00.123  1234  1250 D STT     : SessionId: {S}",
    "German": f"Die Session-ID lautet {S}",
    "prose": f"Hi, our session id for the failed call yesterday was {S}. Thanks!",
    "bullet": f"• Session ID – {S}",
    "quoted mail": f"> > Session\u00a0ID:\u00a0{S}",
    "SafeLinks": "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fh%2F"
    f"speech%3FX-ConnectionId%3D{S}&data=05%7C01",
    "escaped twice": f"u=https%253A%252F%252Fh%253FX-ConnectionId%253D{S}",
    "URL Defense": "https://urldefense.proofpoint.com/v2/url?u=https-3A__h_speech-3FX-2D"
    f"ConnectionId-3D{S}&d=DwMF",
    "LaTeX": rf"\textbf{{Session ID}} & \texttt{{{S}}} \\",
    "LaTeX, verbatim": rf"Session\_ID: \verb|{S}|",
    "LaTeX, table": f"Time & Session ID \\\\\n\\hline\n10:00 & {S} \\\\\n",
    "details of Markdown": f"<details>\n<summary>Session ID</summary>\n\n{S}\n\n"
    "</details>",
    "block in details": f"<details><summary>session id</summary>\n\n```\n{S}\n```\n",
    "GitHub, form": f"### Session ID\n\n`{S}`\n\n### Region\n\nwesteurope\n",
    "GitHub, block": f"### Session ID\n\n```shell\n{S}\n```\n",
    "Sentry": f"sessionId\n\n{S}\n\nregion\n\nwe\n",
    "Jira, no format": f"Session ID:\n{{noformat}}\n{S}\n{{noformat}}",
    "Jira, color": f"Session ID: {{color:red}}{S}{{color}}",
    "forum": f"Session ID: [code]{S}[/code]",
    "rsyslog": f"Nov 30 10:00:00 host app[1]: CANCELED#012SessionId: {S}#012Region: we",
    "journald, bytes": '{"_PID":"7","MESSAGE":['
    + ",".join(str(code) for code in f"\x1b[1mSessionId: {S}\x1b[0m".encode())
    + "]}",
    "Datadog": f'{{"attributes":{{"session":{{"id":"{S}"}}}},"message":"x"}}',
    "Datadog, CSV": f'Date,Host,"@session.id"\n2026-11-30,h,{S}',
    "OpenTelemetry": f'[{{"key":"session.id","value":{{"stringValue":"{S}"}}}}]',
    "OpenTelemetry, text": f"     -> session.id: Str({S})",
    "Salesforce": f'{{"Session_ID__c":"{S}"}}',
    "Java, Optional": f"sessionId=Optional[{S}]",
    "Swift": f'sessionId: Optional("{S}")',
    "Go, spew": f'SessionID: (*string)(0xc000010250)((len=32) "{S}")',
    "XML, CDATA": f"<sessionId><![CDATA[{S}]]></sessionId>",
    "form of HTML": f'<input name="sessionId" type="hidden" value="{S}">',
    "field of HTML": f'<label>Session ID</label><input class="a" value="{S}">',
    "prose, with": f"the session with ID {S} failed",
    "prose, below": f"Here is the session ID\n\n{S}\n\nThanks!",
    "environment": f"export SPEECH_SESSION_ID={S}",
    "registry": f'"SessionId"="{S}"',
    "cookie jar": f"#HttpOnly_h\tFALSE\t/\tTRUE\t0\tSESSIONID\t{S}26832997",
}

NO_IDS = f"""\
commit {HASH}
ETag: W/"{S}"
Content-MD5: {S}
{S}  ./session id.wav
X-Amz-Content-Sha256: {S}{S}
color: #9c1f0a7b; background: #e3d24c55
Ocp-Apim-Subscription-Key: {S}
AZURE_SPEECH_KEY={S}
"subscriptionKey": "{S}"
Authorization: Bearer {S}
"DeviceId":"{G}"
device_id: {S}
userId: {G}
user_session_id={S}
JSESSIONID={S}
PHPSESSID={S}
Cookie: sessionid={S}; csrftoken={S}
Set-Cookie: sessionid={S}; HttpOnly
instance id: {G}
tenantId: {G}
client_id={G}
/subscriptions/{G}/resourceGroups/x
machine-id {S}
volume UUID={G}
docker image {S}
session id: null, key {S}
session id: , checksum={S}
SessionId: "" , "{S}"
"SessionId":"","apiKey":"{S}"
SessionId=&key={S}
privSessionId: <NULL> | {S}
session id and the key {S}
the session id is not known, the hash is {S}
sessionId: {HASH}
session_id: {S}{S}
session id
checksum {S}
job id: none

{{"level":"info","session_id":"web-4f7a90c1","status":200,"path":"/"}}
session.id & key & {S}
session id: {{code:title=key}} key {S}
<input name="sessionId"><input name="key" value="{S}">
build id: {S}
GET /api/v2/jobs/background HTTP/1.1
permissions/{G}
DELETE /v1/sessions/{S}
AccountSid=AC{S}
integrity="sha384-{S}"
{G}.wav
session stopped at 10:00, etag {S}
transcription of {G}.wav
version id {G}
organization_id={G}
notification id = {G}
"""
