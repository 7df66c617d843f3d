'use strict';
// The map viewer of a report: three orthogonal slices of voxels or fixels, and pictures of surfaces, on 2-D canvases, without any library,
// network or WebGL.
// Every element of class "maps" holds its data in script blocks that are no scripts: JSON (maps-about), and arrays as deflated bytes in
// base64 (DataBlock.cs). Names from data files only become text nodes, never markup.
(() => {
  const CANVAS_WIDTH = 720;
  // Grey levels, chosen so that values near zero, which are nearly black, differ from what surrounds the head and from cells without a value.
  const SURROUNDINGS = 38;
  const MASK_GREY = 88;
  const MASK_GREY_OF_FIXELS = 58; // remains visible between the lines
  const BRIGHTEST_TEMPLATE = 200; // so that colours stand out
  const SURFACE_GREYS = [70, 165]; // seen from its edge, and facing the viewer
  const LEAST_LIGHT = 0.72; // the share of a colour that remains where a surface is seen from its edge
  const HIDDEN = 0xffff; // instead of a colour's index
  const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16];
  // Codes of the pixels of a surface (SurfaceView.cs).
  const [OUTSIDE, FIRST_ROW] = [0, 2];

  // ---- Decoding

  /** The bytes of a data block. */
  async function inflate(block) {
    const text = atob(block.textContent.trim());
    const deflated = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) deflated[at] = text.charCodeAt(at);
    const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** 16-bit codes from two planes of bytes. */
  function codesFrom(planes) {
    const count = planes.length / 2;
    const codes = new Uint16Array(count);
    for (let at = 0; at < count; at++) codes[at] = (planes[at] << 8) | planes[count + at];
    return codes;
  }

  /** Integers from the four planes of their successive differences. */
  function sumsFrom(planes) {
    const count = planes.length / 4;
    const sums = new Int32Array(count);
    let sum = 0;
    for (let at = 0; at < count; at++) {
      const high = (planes[at] << 24) | (planes[count + at] << 16);
      sum = (sum + (high | (planes[2 * count + at] << 8) | planes[3 * count + at])) | 0;
      sums[at] = sum;
    }
    return sums;
  }

  /** Unit vectors (x, y, z after each other) from the octahedral bytes of MapDirections.cs; all 0 where the direction is unknown. */
  function directionsFrom(bytes) {
    const count = bytes.length / 2;
    const directions = new Float32Array(3 * count);
    for (let at = 0; at < count; at++) {
      if (bytes[at] === 255) continue;
      const [sum, difference] = [(bytes[at] - 127) / 127, (bytes[count + at] - 127) / 127];
      const [x, y] = [(sum + difference) / 2, (sum - difference) / 2];
      const z = 1 - Math.abs(x) - Math.abs(y);
      const length = Math.hypot(x, y, z);
      directions.set([x / length, y / length, z / length], 3 * at);
    }
    return directions;
  }

  // ---- Where elements are

  /** The drawn grid, with the elements of each of its cells. Positions are three cell indices: to the right, front and top. */
  class Geometry {
    constructor(about, cells, background, directions) {
      Object.assign(this, { about, cells, background, directions, axes: about.axes });
      this.extents = this.axes.map((axis) => axis.extent);
      this.strides = [1, this.extents[0], this.extents[0] * this.extents[1]];
      // Counting sort: the elements of cell c are order[begin[c]] … order[begin[c + 1] - 1].
      this.begin = new Int32Array(background.length + 1);
      // Vertices of surfaces have no cell: their number is negative.
      for (const cell of cells) if (cell >= 0) this.begin[cell + 1]++;
      for (let cell = 0; cell < background.length; cell++) this.begin[cell + 1] += this.begin[cell];
      this.order = new Int32Array(cells.length);
      const next = this.begin.slice();
      cells.forEach((cell, element) => {
        if (cell >= 0) this.order[next[cell]++] = element;
      });
    }

    cellAt(position) {
      return position.reduce((cell, at, axis) => cell + at * this.strides[axis], 0);
    }

    positionOf(element) {
      const cell = this.cells[element];
      return this.strides.map((stride, axis) => Math.floor(cell / stride) % this.extents[axis]);
    }

    elementsAt(position) {
      const cell = this.cellAt(position);
      return this.order.subarray(this.begin[cell], this.begin[cell + 1]);
    }

    /** The indices i, j, k of the data file. */
    voxelOf(position) {
      const voxel = [0, 0, 0];
      this.axes.forEach((axis, at) => (voxel[axis.grid] = axis.first + axis.step * position[at]));
      return voxel;
    }

    /** Millimetres, or null if they are unknown. */
    millimetresOf(position) {
      const m = this.about.affine;
      if (!m) return null;
      const [i, j, k] = this.voxelOf(position);
      return [0, 4, 8].map((row) => m[row] * i + m[row + 1] * j + m[row + 2] * k + m[row + 3]);
    }
  }

  // ---- Values and colours

  function coloursFrom(anchors) {
    const colours = new Uint8ClampedArray(3 * 256);
    for (let at = 0; at < 256; at++) {
      const place = (at / 255) * (anchors.length - 1);
      const low = Math.min(Math.floor(place), anchors.length - 2);
      for (let part = 0; part < 3; part++) {
        const [from, to] = [low, low + 1].map((anchor) => parseInt(anchors[anchor].slice(2 * part, 2 * part + 2), 16));
        colours[3 * at + part] = from + (to - from) * (place - low);
      }
    }
    return colours;
  }

  /** A map: its codes, and what the reader has chosen for it. */
  class ValueMap {
    constructor(about, codes) {
      Object.assign(this, { about, codes });
      this.colours = coloursFrom(about.colours);
      [this.low, this.high] = [about.low, about.high];
      this.largest = about.isSigned ? Math.max(Math.abs(about.minimum), Math.abs(about.maximum)) : about.maximum;
      this.least = about.isSigned ? 0 : about.minimum;
      this.hidesAbove = about.hidesAbove;
      this.threshold = about.threshold ?? this.least;
      this.colourOfCode = new Uint16Array(0x10000);
      this.choose();
    }

    valueOf(code) {
      if (code === 0) return NaN;
      if (code === 1) return -Infinity;
      return code === 0xffff ? Infinity : this.about.minimum + (code - 2) * this.about.step;
    }

    /** Whether a value meets the threshold. Its exact value may be larger or smaller by the tolerance: in doubt it is shown. */
    isShown(value) {
      if (Number.isNaN(value)) return false;
      const { isSigned, tolerance } = this.about;
      if (this.hidesAbove) return value - tolerance <= this.threshold;
      return (isSigned ? Math.abs(value) : value) + tolerance >= this.threshold;
    }

    /** What the threshold hides, as the end of a sentence. */
    get hiddenText() {
      if (this.hidesAbove ? this.threshold >= this.largest : this.threshold <= this.least) return '';
      const side = this.hidesAbove ? 'above' : 'below';
      return `; ${this.about.isSigned ? 'absolute values' : 'values'} ${side} ${number(this.threshold)} are hidden`;
    }

    indexOf(value) {
      if (!(this.high > this.low)) return value < this.low ? 0 : 255;
      return Math.round(255 * Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low))));
    }

    /** Applies threshold and colour range: every code has its colour from here on. */
    choose() {
      for (let code = 0; code < this.colourOfCode.length; code++) {
        const value = this.valueOf(code);
        this.colourOfCode[code] = this.isShown(value) ? this.indexOf(value) : HIDDEN;
      }
    }

    /** The text of an element's value, with as many digits as it has. */
    textOf(element) {
      const value = this.valueOf(this.codes[element]);
      if (Number.isNaN(value)) return 'none';
      if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '−infinite';
      const word = this.about.words[value];
      return word ? `${value} (${word})` : rounded(value, this.about.tolerance);
    }
  }

  /** A number without the digits that a deviation makes meaningless. */
  function rounded(value, tolerance) {
    if (tolerance === 0) return minus(String(value));
    const decimals = Math.ceil(-Math.log10(tolerance)) + 1;
    const large = Math.abs(value) >= 1e6 || decimals > 9;
    if (large) return value.toExponential(Math.min(15, Math.max(0, decimals + Math.floor(Math.log10(Math.abs(value) || 1)))));
    return minus(value.toFixed(Math.max(0, decimals)));
  }

  /** The deviation of rounded numbers, never too small: with the rounding of their text, upwards to two digits. */
  function toleranceText(tolerance) {
    if (tolerance === 0) return 'exact';
    const unit = 10 ** (Math.floor(Math.log10(1.06 * tolerance)) - 1);
    return `± ${Number((Math.ceil((1.06 * tolerance) / unit) * unit).toPrecision(2))}`;
  }

  /** Three coordinates with their letters. */
  function named(texts, letters) {
    return texts.map((text, at) => `${letters[at]} ${minus(text)}`).join(', ');
  }

  function number(value) {
    const isTiny = value !== 0 && Math.abs(value) < 1e-3;
    return minus(isTiny ? value.toExponential(2) : String(Number(value.toPrecision(4))));
  }

  function minus(text) {
    return text.replace('-', '−');
  }

  // ---- One slice

  /** A canvas that shows the plane of two axes through the crosshair. */
  class SliceView {
    constructor(viewer, name, across, up) {
      Object.assign(this, { viewer, name, across, up, through: 3 - across - up });
      const axes = viewer.geometry.axes;
      this.canvas = element('canvas', { width: CANVAS_WIDTH, height: viewer.canvasHeight, tabIndex: 0 });
      this.canvas.setAttribute('role', 'application');
      this.canvas.setAttribute('aria-label', `${name} slice. Arrow keys move the crosshair, page keys change the slice, plus and minus zoom.`);
      this.context = this.canvas.getContext('2d');
      this.cells = new OffscreenCanvas(axes[across].extent, axes[up].extent);
      this.panel = element('div', { className: 'maps-slice' }, [
        element('p', { textContent: name }),
        element('div', { className: 'maps-frame' }, [
          this.canvas,
          element('span', { className: 'maps-left', textContent: axes[across].low }),
          element('span', { className: 'maps-right', textContent: axes[across].high }),
          element('span', { className: 'maps-bottom', textContent: axes[up].low }),
          element('span', { className: 'maps-top', textContent: axes[up].high }),
        ]),
      ]);
      this.listen();
    }

    listen() {
      const go = (event) => {
        if (event.buttons & 1) this.moveTo(event.offsetX, event.offsetY);
      };
      this.canvas.addEventListener('pointerdown', go);
      this.canvas.addEventListener('pointermove', go);
      this.canvas.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !this.press(event.key)) return;
        event.preventDefault(); // the page does not scroll
      });
    }

    /** Handles a key; false if it has no meaning here. */
    press(key) {
      const moves = {
        ArrowLeft: [this.across, -1],
        ArrowRight: [this.across, 1],
        ArrowDown: [this.up, -1],
        ArrowUp: [this.up, 1],
        PageDown: [this.through, -1],
        PageUp: [this.through, 1],
      };
      if (key in moves) this.viewer.step(...moves[key]);
      else if (key === '+' || key === '=') this.viewer.zoomBy(1);
      else if (key === '-') this.viewer.zoomBy(-1);
      else if (key === 'Home') this.viewer.goHome();
      else return false;
      return true;
    }

    /** Moves the crosshair to a point, in CSS pixels of the canvas. */
    moveTo(x, y) {
      const ratio = this.canvas.width / this.canvas.clientWidth;
      const [left, top, width, height] = this.layout();
      const position = this.viewer.position.slice();
      position[this.across] = this.clamp(this.across, Math.floor((x * ratio - left) / width));
      position[this.up] = this.clamp(this.up, Math.floor(this.viewer.geometry.extents[this.up] - (y * ratio - top) / height));
      this.viewer.moveTo(position);
    }

    clamp(axis, at) {
      return Math.min(this.viewer.geometry.extents[axis] - 1, Math.max(0, at));
    }

    /** Left and top of the whole slice, and width and height of a cell, in pixels of the canvas. */
    layout() {
      const { geometry, position, zoom, pixelsPerMillimetre } = this.viewer;
      const sizes = [this.across, this.up].map((axis) => geometry.axes[axis].edge * pixelsPerMillimetre * zoom);
      const extents = [geometry.extents[this.across], geometry.extents[this.up]];
      // The crosshair is in the middle, unless the whole axis fits.
      const middles = [position[this.across] + 0.5, extents[1] - position[this.up] - 0.5].map((at, axis) =>
        extents[axis] * sizes[axis] < [this.canvas.width, this.canvas.height][axis] + 1 ? extents[axis] / 2 : at,
      );
      return [this.canvas.width / 2 - middles[0] * sizes[0], this.canvas.height / 2 - middles[1] * sizes[1], ...sizes];
    }

    draw() {
      const { context, canvas } = this;
      const [left, top, width, height] = this.layout();
      const extents = [this.viewer.geometry.extents[this.across], this.viewer.geometry.extents[this.up]];
      const dark = this.viewer.darkest;
      context.fillStyle = `rgb(${dark}, ${dark}, ${dark})`;
      context.fillRect(0, 0, canvas.width, canvas.height);
      this.paintCells();
      context.imageSmoothingEnabled = false;
      context.drawImage(this.cells, left, top, extents[0] * width, extents[1] * height);
      if (this.viewer.geometry.directions) this.drawFixels(left, top, width, height);
      this.drawCrosshair(left, top, width, height);
    }

    /** Calls back with every cell of the slice: its number, its column, and its row from the top. */
    forEachCell(visit) {
      const { extents, strides } = this.viewer.geometry;
      const first = this.viewer.position[this.through] * strides[this.through];
      for (let row = 0; row < extents[this.up]; row++) {
        const start = first + (extents[this.up] - 1 - row) * strides[this.up];
        for (let column = 0; column < extents[this.across]; column++) visit(start + column * strides[this.across], column, row);
      }
    }

    /** The background, and voxels over it, at one pixel per cell. */
    paintCells() {
      const { geometry, map } = this.viewer;
      const { begin, order, background, directions } = geometry;
      const image = new ImageData(this.cells.width, this.cells.height);
      const dark = this.viewer.darkest;
      const brightest = geometry.about.hasTemplate ? BRIGHTEST_TEMPLATE : directions ? MASK_GREY_OF_FIXELS : MASK_GREY;
      let pixel = 0;
      this.forEachCell((cell) => {
        const colour = directions || begin[cell] === begin[cell + 1] ? HIDDEN : map.colourOfCode[map.codes[order[begin[cell]]]];
        const grey = dark + (background[cell] * (brightest - dark)) / 255;
        for (let part = 0; part < 3; part++) image.data[pixel + part] = colour === HIDDEN ? grey : map.colours[3 * colour + part];
        image.data[pixel + 3] = 255;
        pixel += 4;
      });
      this.cells.getContext('2d').putImageData(image, 0, 0);
    }

    /** Fixels as lines in their directions, one path per colour, the extreme ones on top. */
    drawFixels(left, top, width, height) {
      const { geometry, map } = this.viewer;
      const { begin, order, directions } = geometry;
      const half = 0.5 * Math.min(width, height);
      const paths = new Map();
      this.forEachCell((cell, column, row) => {
        const [x, y] = [left + (column + 0.5) * width, top + (row + 0.5) * height];
        if (begin[cell] === begin[cell + 1] || x < -width || y < -height || x > this.canvas.width + width || y > this.canvas.height + height)
          return;
        for (let at = begin[cell]; at < begin[cell + 1]; at++) {
          const fixel = order[at];
          const colour = map.colourOfCode[map.codes[fixel]];
          if (colour === HIDDEN) continue;
          if (!paths.has(colour)) paths.set(colour, new Path2D());
          const path = paths.get(colour);
          // A fixel perpendicular to the slice becomes a dot.
          const dx = half * directions[3 * fixel + this.across] || 0.5;
          const dy = half * directions[3 * fixel + this.up];
          path.moveTo(x - dx, y + dy);
          path.lineTo(x + dx, y - dy);
        }
      });
      this.context.lineCap = 'round';
      this.context.lineWidth = Math.max(Math.min(3.5, 0.8 * half), 0.36 * half);
      const rank = (colour) => (map.about.isSigned ? Math.abs(colour - 127.5) : colour);
      for (const colour of [...paths.keys()].sort((one, other) => rank(one) - rank(other))) {
        this.context.strokeStyle = `rgb(${map.colours.slice(3 * colour, 3 * colour + 3).join()})`;
        this.context.stroke(paths.get(colour));
      }
    }

    /** Lines through the crosshair's cell, which itself stays free. */
    drawCrosshair(left, top, width, height) {
      const { geometry, position } = this.viewer;
      const x = left + (position[this.across] + 0.5) * width;
      const y = top + (geometry.extents[this.up] - position[this.up] - 0.5) * height;
      const [gapX, gapY] = [width, height].map((size) => Math.max(5, 0.75 * size));
      this.context.fillStyle = '#fff';
      this.context.globalAlpha = 0.75;
      this.context.fillRect(0, y - 0.75, x - gapX, 1.5);
      this.context.fillRect(x + gapX, y - 0.75, this.canvas.width, 1.5);
      this.context.fillRect(x - 0.75, 0, 1.5, y - gapY);
      this.context.fillRect(x - 0.75, y + gapY, 1.5, this.canvas.height);
      this.context.globalAlpha = 1;
    }
  }

  // ---- One picture of a surface

  /** A canvas that shows a surface from one side. Each pixel has the row of its element. */
  class SurfacePanel {
    constructor(viewer, about, codes, shades) {
      Object.assign(this, { viewer, about, codes, shades });
      this.canvas = element('canvas', { width: about.width, height: about.height, tabIndex: 0 });
      this.canvas.setAttribute('role', 'application');
      this.canvas.setAttribute('aria-label', `${about.title}. Arrow keys go to the next vertex in their direction.`);
      this.context = this.canvas.getContext('2d');
      this.panel = element('div', { className: 'maps-surface' }, [
        element('p', { textContent: about.title }),
        element('div', { className: 'maps-frame' }, [
          this.canvas,
          element('span', { className: 'maps-left', textContent: about.left }),
          element('span', { className: 'maps-right', textContent: about.right }),
          element('span', { className: 'maps-bottom', textContent: 'I' }),
          element('span', { className: 'maps-top', textContent: 'S' }),
        ]),
      ]);
      this.listen();
    }

    listen() {
      const go = (event) => {
        if (!(event.buttons & 1)) return;
        const ratio = this.about.width / this.canvas.clientWidth;
        const row = this.rowAt(Math.floor(event.offsetX * ratio), Math.floor(event.offsetY * ratio));
        if (row >= 0) this.viewer.goTo(row);
      };
      this.canvas.addEventListener('pointerdown', go);
      this.canvas.addEventListener('pointermove', go);
      this.canvas.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || !this.press(event.key)) return;
        event.preventDefault(); // the page does not scroll
      });
    }

    /** The row at a pixel; negative: there is no element. */
    rowAt(x, y) {
      if (x < 0 || y < 0 || x >= this.about.width || y >= this.about.height) return -1;
      return this.codes[y * this.about.width + x] - FIRST_ROW;
    }

    /** Handles a key; false if it has no meaning here. */
    press(key) {
      const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (key === 'Home') this.viewer.goHome();
      else if (key in directions) this.step(...directions[key]);
      else return false;
      return true;
    }

    /** Goes to the next element in a direction, from the current one if it is visible here, otherwise from the middle. */
    step(dx, dy) {
      const from = this.middleOf(this.viewer.row);
      let [x, y] = from ?? [this.about.width >> 1, this.about.height >> 1];
      for (; x >= 0 && y >= 0 && x < this.about.width && y < this.about.height; x += dx, y += dy) {
        const row = this.rowAt(x, y);
        if (row < 0 || row === this.viewer.row) continue;
        this.viewer.goTo(row);
        return;
      }
    }

    /** The pixel in the middle of an element, or null if it is not visible here. */
    middleOf(row) {
      let [count, x, y] = [0, 0, 0];
      if (row < 0) return null;
      for (let pixel = this.codes.indexOf(row + FIRST_ROW); pixel >= 0; pixel = this.codes.indexOf(row + FIRST_ROW, pixel + 1)) {
        count++;
        x += pixel % this.about.width;
        y += Math.floor(pixel / this.about.width);
      }
      return count === 0 ? null : [Math.round(x / count), Math.round(y / count)];
    }

    draw() {
      const { map } = this.viewer;
      const { width, height } = this.about;
      const image = new ImageData(width, height);
      for (let pixel = 0; pixel < this.codes.length; pixel++) {
        const code = this.codes[pixel];
        const light = this.shades[pixel] / 255;
        const colour = code >= FIRST_ROW ? map.colourOfCode[map.codes[code - FIRST_ROW]] : HIDDEN;
        const grey = code === OUTSIDE ? SURROUNDINGS : SURFACE_GREYS[0] + (SURFACE_GREYS[1] - SURFACE_GREYS[0]) * light;
        const share = LEAST_LIGHT + (1 - LEAST_LIGHT) * light;
        for (let part = 0; part < 3; part++) image.data[4 * pixel + part] = colour === HIDDEN ? grey : map.colours[3 * colour + part] * share;
        image.data[4 * pixel + 3] = 255;
      }
      this.context.putImageData(image, 0, 0);
      const middle = this.middleOf(this.viewer.row);
      if (middle) this.drawMarker(...middle);
    }

    /** A ring around the current element, whose inside stays free. */
    drawMarker(x, y) {
      for (const [colour, lineWidth] of [['#000', 5], ['#fff', 2]]) {
        this.context.strokeStyle = colour;
        this.context.lineWidth = lineWidth;
        this.context.beginPath();
        this.context.arc(x + 0.5, y + 0.5, 11, 0, 2 * Math.PI);
        this.context.stroke();
      }
    }
  }

  // ---- Page elements

  /** An element with properties and children. Strings reach the page as text only. */
  function element(tag, properties = {}, children = []) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function labelled(text, ...controls) {
    return element('label', {}, [element('span', { textContent: text }), ...controls]);
  }

  /** A slider between two values, with its value as text after it. */
  class Slider {
    static STEPS = 500;

    constructor(text, change) {
      this.input = element('input', { type: 'range', min: 0, max: Slider.STEPS, step: 1 });
      this.output = element('output');
      this.caption = element('span', { textContent: text });
      this.label = element('label', {}, [this.caption, this.input, this.output]);
      this.input.addEventListener('input', () => {
        const share = this.input.valueAsNumber / Slider.STEPS;
        // The ends are exact: rounding must not hide the largest value.
        change(share === 1 ? this.to : this.from + share * (this.to - this.from));
      });
    }

    show(from, to, value) {
      Object.assign(this, { from, to });
      this.input.value = to > from ? Math.round(((value - from) / (to - from)) * Slider.STEPS) : 0;
      this.input.disabled = !(to > from);
      this.output.textContent = number(value);
      this.input.setAttribute('aria-valuetext', number(value));
    }
  }

  // ---- The viewer of one section

  class Viewer {
    constructor(about, geometry, surfaces, ids, maps) {
      Object.assign(this, { about, geometry, ids, maps, map: maps[0], zoom: 1, row: -1, isScheduled: false });
      this.surfaces = surfaces;
      this.views = [];
      if (geometry) this.makeSlices(geometry);
      this.panels = surfaces ? surfaces.pictures.map((picture) => new SurfacePanel(this, ...picture)) : [];
      this.makeControls();
      this.goHome();
    }

    makeSlices(geometry) {
      const sizes = geometry.axes.map((axis) => axis.extent * axis.edge);
      const [widest, tallest] = [Math.max(sizes[0], sizes[1]), Math.max(sizes[1], sizes[2])];
      this.canvasHeight = Math.round(CANVAS_WIDTH * Math.min(1.2, Math.max(0.5, tallest / widest)));
      this.pixelsPerMillimetre = Math.min(CANVAS_WIDTH / widest, this.canvasHeight / tallest);
      this.darkest = geometry.about.hasTemplate ? 0 : SURROUNDINGS;
      this.views = [
        new SliceView(this, 'Axial', 0, 1),
        new SliceView(this, 'Coronal', 0, 2),
        new SliceView(this, 'Sagittal', 1, 2),
      ];
    }

    makeControls() {
      const options = (texts) => texts.map((text, at) => element('option', { value: at, textContent: text }));
      this.mapChoice = element('select', { className: 'maps-map' }, options(this.maps.map((map) => map.about.title)));
      this.mapChoice.addEventListener('change', () => this.show(this.maps[this.mapChoice.value]));
      const { details } = this.about;
      this.detailChoice = element('select', { className: 'maps-detail' }, options(['choose a peak', ...details.map((detail) => detail.title)]));
      this.detailChoice.addEventListener('change', () => {
        const detail = details[this.detailChoice.value - 1];
        if (detail) this.goTo(detail.row, this.detailChoice.value);
      });
      this.hideChoice = element('select', { className: 'maps-hide' }, options(['below', 'above']));
      this.hideChoice.addEventListener('change', () => this.change({ hidesAbove: this.hideChoice.value === '1' }));
      this.hideLabel = labelled('Hide values', this.hideChoice);
      this.threshold = new Slider('Hide below', (value) => this.change({ threshold: value }));
      this.low = new Slider('Colours from', (value) => this.change({ low: Math.min(value, this.map.high) }));
      this.high = new Slider('Colours up to', (value) => this.change(this.map.about.isSigned ? { low: -value, high: value } : { high: Math.max(value, this.map.low) }));
      this.zoomInput = element('input', { type: 'range', min: 0, max: ZOOMS.length - 1, step: 1, value: 0, className: 'maps-zoom' });
      this.zoomOutput = element('output');
      this.zoomInput.addEventListener('input', () => this.zoomBy(0));
      this.threshold.input.classList.add('maps-threshold');
      this.high.input.classList.add('maps-high');
      this.low.input.classList.add('maps-low');
      this.bar = new ColourBar();
      this.note = element('p', { className: 'maps-note', hidden: true });
      this.place = element('p', { className: 'maps-place' });
      this.place.setAttribute('aria-live', 'polite');
      this.table = element('table', { className: 'maps-values' });
    }

    /** The elements to put into the page. */
    get parts() {
      return [
        element('div', { className: 'maps-controls' }, [
          labelled('Map', this.mapChoice),
          ...(this.about.details.length > 0 ? [labelled('Go to', this.detailChoice)] : []),
          this.hideLabel,
          this.threshold.label,
          this.low.label,
          this.high.label,
          ...(this.geometry ? [labelled('Zoom', this.zoomInput, this.zoomOutput)] : []),
        ]),
        this.note,
        this.bar.panel,
        ...(this.panels.length > 0 ? [element('div', { className: 'maps-surfaces' }, this.panels.map((panel) => panel.panel))] : []),
        ...(this.views.length > 0 ? [element('div', { className: 'maps-slices' }, this.views.map((view) => view.panel))] : []),
        this.place,
        element('div', { className: 'maps-scroll' }, [this.table]),
        element('p', {
          className: 'maps-help',
          textContent:
            'Click on a picture, or select it with the Tab key and use the arrow keys and Home (back to the start)' +
            (this.geometry ? '; on slices also Page Up and Page Down, + and − (zoom).' : '.'),
        }),
      ];
    }

    show(map) {
      this.map = map;
      this.schedule();
    }

    /** Changes threshold or colour range of the current map. */
    change(choices) {
      Object.assign(this.map, choices);
      this.map.choose();
      this.schedule();
    }

    zoomBy(steps) {
      const at = Math.min(ZOOMS.length - 1, Math.max(0, Number(this.zoomInput.value) + steps));
      this.zoomInput.value = at;
      this.zoom = ZOOMS[at];
      this.schedule();
    }

    step(axis, by) {
      const position = this.position.slice();
      position[axis] = Math.min(this.geometry.extents[axis] - 1, Math.max(0, position[axis] + by));
      this.moveTo(position);
    }

    /** Goes to the start. If that is a vertex, the slices show the most important voxel that readers can go to, or the middle. */
    goHome() {
      const { about, geometry } = this;
      if (geometry) {
        const voxel = about.details.find((detail) => geometry.cells[detail.row] >= 0);
        this.position = voxel ? geometry.positionOf(voxel.row) : geometry.extents.map((extent) => extent >> 1);
      }
      this.goTo(about.start);
    }

    /** Moves the crosshair of the slices. */
    moveTo(position, detail = 0) {
      Object.assign(this, { position, row: -1 });
      this.detailChoice.value = detail;
      this.schedule();
    }

    /** Goes to a row of the analysis: a vertex, or the cell of the row. */
    goTo(row, detail = 0) {
      if (this.geometry && this.geometry.cells[row] >= 0) {
        this.moveTo(this.geometry.positionOf(row), detail);
        return;
      }
      this.row = row;
      this.detailChoice.value = detail;
      this.schedule();
    }

    idOf(row) {
      return this.ids ? this.ids[row] : row;
    }

    /** Draws before the next frame, once however many events come before it. */
    schedule() {
      if (this.isScheduled) return;
      this.isScheduled = true;
      requestAnimationFrame(() => {
        this.isScheduled = false;
        this.draw();
      });
    }

    draw() {
      this.showControls();
      this.showPlace();
      for (const view of [...this.views, ...this.panels]) view.draw();
    }

    showControls() {
      const { map } = this;
      const { isSigned, minimum, maximum, finite } = map.about;
      this.note.hidden = finite > 0;
      this.note.textContent = `No element has a value in the map “${map.about.title}”.`;
      this.hideLabel.hidden = isSigned;
      this.hideChoice.value = map.hidesAbove ? 1 : 0;
      this.threshold.caption.textContent = isSigned ? 'Hide |values| below' : map.hidesAbove ? 'Hide above' : 'Hide below';
      this.threshold.show(map.least, map.largest, map.threshold);
      this.low.label.hidden = isSigned;
      this.low.show(minimum, maximum, map.low);
      this.high.show(map.least, map.largest, map.high);
      this.zoomOutput.textContent = `${this.zoom} ×`;
      this.zoomInput.setAttribute('aria-valuetext', `${this.zoom} times`);
      this.bar.show(map);
    }

    showPlace() {
      if (this.row >= 0) this.showVertex();
      else this.showCell();
    }

    showVertex() {
      const { structures, vertices, points } = this.surfaces;
      const rows = vertices.length;
      const isDrawn = this.panels.some((panel) => panel.middleOf(this.row));
      const millimetres = [0, 1, 2].map((axis) => (points[axis * rows + this.row] / 10).toFixed(1));
      this.place.textContent =
        `Selected: vertex ${vertices[this.row]} of ${this.about.structures[structures[this.row]]}` +
        (millimetres.some(Number) ? `; ${named(millimetres, 'xyz')} mm` : '') +
        (isDrawn ? '' : '; not visible in these pictures');
      this.showValues([this.row]);
    }

    showCell() {
      const { geometry, position } = this;
      const millimetres = geometry.millimetresOf(position);
      const elements = geometry.elementsAt(position);
      const structure = this.surfaces && elements.length > 0 ? ` of ${this.about.structures[this.surfaces.structures[elements[0]]]}` : '';
      this.place.textContent =
        `Crosshair: voxel ${named(geometry.voxelOf(position).map(String), 'ijk')}${structure}` +
        (millimetres ? `; ${named(millimetres.map((value) => value.toFixed(1)), 'xyz')} mm` : '; position in mm unknown');
      this.showValues(elements);
    }

    /** The values of all maps: one column per element of the crosshair's cell, or the selected vertex. */
    showValues(elements) {
      const { kind } = this.about;
      const cell = (tag, text) => element(tag, { textContent: text });
      if (elements.length === 0) {
        this.table.replaceChildren(element('caption', { textContent: `There is no ${kind} of the analysis here.` }));
        return;
      }
      this.table.replaceChildren(
        element('caption', { textContent: `Values at the ${this.row >= 0 ? 'selected vertex' : 'crosshair'}, rounded` }),
        element('tr', {}, [
          cell('th', 'map'),
          ...Array.from(elements, (one) => cell('th', `element ${this.idOf(one)}`)),
          cell('th', 'rounding'),
        ]),
        ...this.maps.map((map) =>
          element('tr', {}, [
            cell('th', map.about.title),
            ...Array.from(elements, (one) => cell('td', map.textOf(one))),
            cell('td', toleranceText(map.about.tolerance)),
          ]),
        ),
      );
    }
  }

  /** The colours of a map with numbers; hidden values are grey. */
  class ColourBar {
    constructor() {
      this.canvas = element('canvas', { width: 256, height: 1, className: 'maps-bar' });
      this.canvas.setAttribute('role', 'img');
      this.numbers = ['low', 'middle', 'high'].map(() => element('span'));
      this.title = element('p');
      this.panel = element('div', { className: 'maps-scale' }, [
        this.title,
        this.canvas,
        element('div', { className: 'maps-numbers' }, this.numbers),
      ]);
    }

    show(map) {
      const image = new ImageData(256, 1);
      for (let at = 0; at < 256; at++) {
        const isShown = map.isShown(map.low + ((map.high - map.low) * at) / 255);
        for (let part = 0; part < 3; part++) image.data[4 * at + part] = isShown ? map.colours[3 * at + part] : MASK_GREY;
        image.data[4 * at + 3] = 255;
      }
      this.canvas.getContext('2d').putImageData(image, 0, 0);
      const { title, minimum, maximum } = map.about;
      this.title.textContent = `${title}${map.hiddenText}`;
      const texts = [
        (minimum < map.low ? '≤ ' : '') + number(map.low),
        number((map.low + map.high) / 2),
        (maximum > map.high ? '≥ ' : '') + number(map.high),
      ];
      this.numbers.forEach((span, at) => (span.textContent = texts[at]));
      this.canvas.setAttribute('aria-label', `Colours from ${texts[0]} to ${texts[2]}`);
    }
  }

  // ---- Start

  /** Structure, vertex and position of each row, and the pictures of the surfaces; null: the elements are no greyordinates. */
  async function surfacesFrom(about, optional, all) {
    const [structures, vertices, points] = await Promise.all(['structures', 'vertices', 'points'].map((name) => optional(name, sumsFrom)));
    if (!structures) return null;
    const [codes, shades] = await Promise.all([all('surface', sumsFrom), all('shade', (bytes) => bytes)]);
    return { structures, vertices, points, pictures: about.surfaces.map((surface, at) => [surface, codes[at], shades[at]]) };
  }

  async function open(section) {
    const one = (name) => section.querySelector(`script.maps-${name}`);
    const about = JSON.parse(one('about').textContent);
    const optional = (name, decode) => (one(name) ? inflate(one(name)).then(decode) : null);
    const all = (name, decode) => Promise.all([...section.querySelectorAll(`script.maps-${name}`)].map((block) => inflate(block).then(decode)));
    const geometry = one('cells')
      ? new Geometry(
          about,
          ...(await Promise.all([inflate(one('cells')).then(sumsFrom), inflate(one('background')), optional('directions', directionsFrom)])),
        )
      : null;
    const codes = await all('map', codesFrom);
    const maps = codes.map((values, at) => new ValueMap(about.maps[at], values));
    const viewer = new Viewer(about, geometry, await surfacesFrom(about, optional, all), await optional('elements', sumsFrom), maps);
    section.querySelector('.maps-viewer').append(...viewer.parts);
    viewer.draw();
    section.dataset.state = 'drawn';
  }

  for (const section of document.querySelectorAll('.maps')) {
    open(section).catch((failure) => {
      const problem = section.querySelector('.maps-problem');
      const needs = 'Chrome or Edge 103, Firefox 113 or Safari 16.4, or a newer one';
      problem.textContent =
        typeof DecompressionStream === 'undefined'
          ? `The maps cannot be drawn: this browser cannot inflate their data (it needs DecompressionStream: ${needs}).`
          : `The maps cannot be drawn: ${failure.message}`;
      problem.hidden = false;
      section.dataset.state = 'failed';
    });
  }
})();
