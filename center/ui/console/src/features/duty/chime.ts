let context: AudioContext | null = null

/** Two soft notes, made here: no file, and nothing that startles. */
function play(notes: readonly number[]): void {
  context ??= new AudioContext()
  void context.resume()
  notes.forEach((frequency, index) => note(context as AudioContext, frequency, index * 0.16))
}

function note(audio: AudioContext, frequency: number, delay: number): void {
  const start = audio.currentTime + delay
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = frequency
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(0.12, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.5)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(start)
  oscillator.stop(start + 0.55)
}

export const chime = {
  waiting: () => play([659, 784]),
  ringing: () => play([784, 988, 784, 988]),
  onDuty: () => play([523, 659]),
}
