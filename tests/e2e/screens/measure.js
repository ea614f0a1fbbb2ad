// Measures the page as a person with weak eyes and a shaky hand meets it; returns what is wrong.
;({ least }) => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
  const problems = []
  const top = document.querySelector('dialog[open]') ?? document.querySelector('.frame')
  const shown = (element) => element.checkVisibility() && !element.closest('.sr, .strip, [aria-hidden="true"]')
  const name = (element) => element.closest('[data-testid]')?.dataset.testid ?? element.className

  for (const part of top.querySelectorAll('.stage__show, .stage__act')) {
    if (part.scrollHeight > part.clientHeight + 2) problems.push(`${part.className} overflows by ${part.scrollHeight - part.clientHeight}`)
  }

  // Words that go on below a rim say so and can be read on without reaching for them.
  for (const part of top.querySelectorAll('[data-scrolls]')) {
    if (part.scrollHeight <= part.clientHeight + 1.3 * rem) continue
    if (part.clientHeight < 20 * rem) problems.push(`${name(part)} shows only ${Math.round(part.clientHeight / rem)} of its words`)
    if (!top.querySelector('[data-testid$="-on"]')) problems.push(`${name(part)} goes on and nobody says so`)
  }

  for (const button of top.querySelectorAll('button')) {
    if (!shown(button)) continue
    const { height, bottom, right } = button.getBoundingClientRect()
    const wanted = button.closest('.tools') ? 11 : least
    if (height < wanted * rem - 1) problems.push(`target ${name(button)} is ${Math.round(height / rem)} high`)
    if (bottom > innerHeight + 1 || right > innerWidth + 1) problems.push(`target ${name(button)} leaves the screen`)
  }

  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number)
    return { r, g, b, a }
  }
  const over = (front, back) => ({
    r: front.r * front.a + back.r * (1 - front.a),
    g: front.g * front.a + back.g * (1 - front.a),
    b: front.b * front.a + back.b * (1 - front.a),
    a: 1,
  })
  const ground = (element) => {
    if (element === null) return { r: 255, g: 255, b: 255, a: 1 }
    const own = parse(getComputedStyle(element).backgroundColor)
    return own.a === 1 ? own : over(own, ground(element.parentElement))
  }
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const contrast = (element) => {
    const back = ground(element)
    const a = light(over(parse(getComputedStyle(element).color), back))
    const b = light(back)
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
  }

  const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    const text = texts.currentNode.data.trim()
    if (text === '' || !shown(element)) continue
    const range = document.createRange()
    range.selectNodeContents(texts.currentNode)
    const words = range.getBoundingClientRect()
    const box = (element.closest('button, article, dialog') ?? document.body).getBoundingClientRect()
    const scrolls = element.closest('[data-scrolls]') !== null
    const out = scrolls ? 0 : Math.max(words.right - box.right, box.left - words.left, words.bottom - box.bottom, box.top - words.top)
    if (out > 1 || element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'hidden') problems.push(`clipped: ${text}`)
    const ratio = contrast(element)
    if (ratio < 7) problems.push(`contrast ${ratio.toFixed(1)}: ${text}`)
  }
  return problems
}
