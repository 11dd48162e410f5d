// The loudness of a sound over its length.

const bars = 48;

/** @param {Blob} blob @returns {Promise<number[]>} 0 to 1 each; empty if the browser cannot decode it */
export async function waveformOf(blob) {
  try {
    const context = new OfflineAudioContext(1, 1, 8000);
    const samples = (await context.decodeAudioData(await blob.arrayBuffer())).getChannelData(0);
    const step = Math.max(1, Math.floor(samples.length / bars));
    const peaks = Array.from({ length: bars }, (_, bar) => {
      let peak = 0;
      for (let index = bar * step; index < Math.min(samples.length, (bar + 1) * step); index += 8)
        peak = Math.max(peak, Math.abs(samples[index]));
      return peak;
    });
    const highest = Math.max(...peaks, 0.001);
    return peaks.map((peak) => peak / highest);
  } catch {
    return [];
  }
}

const svg = "http://www.w3.org/2000/svg";

/** @param {readonly number[]} waveform */
export function drawWaveform(waveform) {
  const image = document.createElementNS(svg, "svg");
  image.setAttribute("viewBox", `0 0 ${waveform.length * 3} 40`);
  image.setAttribute("preserveAspectRatio", "none");
  image.setAttribute("class", "waveform");
  image.ariaHidden = "true";
  waveform.forEach((peak, index) => {
    const bar = document.createElementNS(svg, "rect");
    const height = Math.max(2, peak * 38);
    for (const [name, value] of Object.entries({ x: index * 3, y: 20 - height / 2, width: 2, height, rx: 1 }))
      bar.setAttribute(name, String(value));
    image.append(bar);
  });
  return image;
}
