// The ring: two tones of Web Audio, again and again while something is offered. It loads no file and knows no offer.

/** Two tones that beat, as telephones have it, in hertz. */
const TONES = [440, 480];
/** Seconds on, twice, in each round. */
const ON_S = 0.4;
const PAUSE_S = 0.2;
const ROUND_MS = 3_000;
/** So loud two tones together are at full volume. */
const LOUDEST = 0.25;
const FADE_S = 0.02;

export class Ring {
  #audio: AudioContext | undefined;
  #gain: GainNode | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sounding: OscillatorNode[] = [];

  start(volume: number): void {
    if (this.#timer !== undefined) return;
    this.#audio ??= new AudioContext();
    this.#gain ??= this.#connected(this.#audio);
    this.setVolume(volume);
    this.#round();
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  setVolume(volume: number): void {
    if (this.#gain !== undefined) this.#gain.gain.value = volume * LOUDEST;
  }

  /** At once, in the middle of a tone, too. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const tone of this.#sounding) tone.stop();
    this.#sounding = [];
  }

  close(): void {
    this.stop();
    void this.#audio?.close();
    this.#audio = undefined;
    this.#gain = undefined;
  }

  #connected(audio: AudioContext): GainNode {
    const gain = audio.createGain();
    gain.connect(audio.destination);
    return gain;
  }

  #round(): void {
    // A browser lets no page sound before somebody pressed something in it.
    void this.#audio?.resume();
    this.#sounding = [0, ON_S + PAUSE_S].flatMap((later) => TONES.map((hertz) => this.#tone(hertz, later)));
  }

  #tone(hertz: number, later: number): OscillatorNode {
    const audio = this.#audio!;
    const from = audio.currentTime + later;
    const tone = audio.createOscillator();
    const edge = audio.createGain();
    tone.frequency.value = hertz;
    edge.gain.setValueAtTime(0, from);
    edge.gain.linearRampToValueAtTime(1, from + FADE_S);
    edge.gain.setValueAtTime(1, from + ON_S - FADE_S);
    edge.gain.linearRampToValueAtTime(0, from + ON_S);
    tone.connect(edge).connect(this.#gain!);
    tone.start(from);
    tone.stop(from + ON_S);
    return tone;
  }
}
