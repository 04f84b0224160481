// Whether a call is recorded, in words and in what its agent may do about it. It draws nothing.

import type { CallRecording } from "./protocol";
import type { TextKey } from "./text";

/** What is to be seen of a recording, as its gateway says; what was asked and is not so yet is said to be under way. */
export function recordingText(recording: CallRecording): TextKey {
  const { should_be, is } = recording;
  if (is === "failed") return "recording.failed";
  if (should_be === "stopped" || is === "finished") return "recording.stopped";
  if (should_be === "paused") return is === "paused" ? "recording.paused" : "recording.pausing";
  return is === "recording" ? "recording.on" : "recording.beginning";
}

/** Whether it runs, paused or not. */
export function isRunning(recording: CallRecording | null): recording is CallRecording {
  return recording !== null && recording.should_be !== "stopped" && recording.is !== "failed" && recording.is !== "finished";
}
