import { expect, test } from "vitest";
import type { CallRecording } from "./protocol";
import { isRunning, recordingText } from "./recording_text";

test("what the gateway has not said yet is under way, and what is over runs no more", () => {
  const shown = (should_be: CallRecording["should_be"], is?: CallRecording["is"]) => {
    const recording: CallRecording = { should_be, ...(is === undefined ? {} : { is }) };
    return [recordingText(recording), isRunning(recording)];
  };
  expect(shown("recording")).toEqual(["recording.beginning", true]);
  expect(shown("recording", "recording")).toEqual(["recording.on", true]);
  expect(shown("paused", "recording")).toEqual(["recording.pausing", true]);
  expect(shown("paused", "paused")).toEqual(["recording.paused", true]);
  expect(shown("recording", "paused")).toEqual(["recording.beginning", true]);
  expect(shown("stopped", "recording")).toEqual(["recording.stopped", false]);
  expect(shown("recording", "failed")).toEqual(["recording.failed", false]);
  expect(shown("recording", "finished")).toEqual(["recording.stopped", false]);
  expect(isRunning(null)).toBe(false);
});
