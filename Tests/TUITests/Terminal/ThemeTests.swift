import Core
import Foundation
import Imaging
import Testing

@testable import TUI

@Suite("Themes")
struct ThemeTests {
  @Test("NO_COLOR counts where it is not empty, and a theme chosen by name goes before it")
  func choice() {
    func found(_ theme: Theme, _ environment: [String: String]) -> TerminalCapabilities {
      var capabilities = TerminalCapabilities()
      capabilities.isLight = false
      capabilities.apply(theme, environment: environment)
      return capabilities
    }
    #expect(found(.auto, ["NO_COLOR": "1"]).monochrome)
    #expect(found(.auto, ["NO_COLOR": "0"]).monochrome)
    #expect(!found(.auto, ["NO_COLOR": ""]).monochrome)
    #expect(!found(.auto, [:]).monochrome && found(.auto, [:]).isLight == false)
    #expect(found(.mono, [:]).monochrome)
    #expect(found(.light, ["NO_COLOR": "1"]).isLight == true)
    #expect(!found(.light, ["NO_COLOR": "1"]).monochrome)
    #expect(!found(.dark, ["NO_COLOR": "1"]).monochrome)
    #expect(found(.dark, [:]).isLight == false)
  }

  @Test("without colours no look has one, and every meaning but plain text is marked")
  func monochrome() {
    let palette = Palette(colours: 0, isLight: true)
    for role in Style.Role.allCases {
      let look = palette.look(Style(role))
      #expect(look.foreground == -1 && look.background == -1)
      #expect(role == .normal || look.attributes != [], "\(role)")
    }
  }

  @Test("colours are within what the terminal has", arguments: [8, 16, 256])
  func depth(_ colours: Int) {
    for isLight in [Bool?.none, true, false] {
      for role in Style.Role.allCases {
        let look = Palette(colours: colours, isLight: isLight).look(Style(role))
        #expect(look.foreground < colours && look.background < colours)
        #expect(role == .normal || look != Palette.Look(), "\(role)")
      }
    }
  }

  /// Linear RGB as seen without one kind of cones: the matrices for severity 1 of Machado, Oliveira
  /// and Fernandes, IEEE Trans. Vis. Comput. Graph. 15 (2009) 1291.
  private static let vision: [String: [SIMD3<Double>]] = [
    "all": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [
      [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
      [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
      [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
      [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.303900],
    ],
  ]

  /// CIE L*a*b* (D65) of a colour as somebody sees it.
  private func lab(_ colour: RGB8, _ matrix: [SIMD3<Double>]) -> SIMD3<Double> {
    func linear(_ value: UInt8) -> Double {
      let part = Double(value) / 255
      return part > 0.04045 ? pow((part + 0.055) / 1.055, 2.4) : part / 12.92
    }
    let rgb = SIMD3(linear(colour.r), linear(colour.g), linear(colour.b))
    let seen = SIMD3(
      min(max((matrix[0] * rgb).sum(), 0), 1), min(max((matrix[1] * rgb).sum(), 0), 1),
      min(max((matrix[2] * rgb).sum(), 0), 1))
    let toXYZ: [SIMD3<Double>] = [
      [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
      [0.0193339, 0.1191920, 0.9503041],
    ]
    func f(_ row: Int, _ white: Double) -> Double {
      let t = (toXYZ[row] * seen).sum() / white
      return t > 0.008856 ? cbrt(t) : 7.787 * t + 16 / 116
    }
    let (x, y, z) = (f(0, 0.95047), f(1, 1), f(2, 1.08883))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
  }

  @Test(
    "colour-blind readers tell flags from errors and from absence",
    arguments: ["all", "protan", "deutan", "tritan"])
  func colourBlind(_ kind: String) throws {
    let matrix = try #require(Self.vision[kind])
    for isLight in [Bool?.none, true, false] {
      let palette = Palette(colours: 256, isLight: isLight)
      let pairs: [(Style.Role, Style.Role)] = [
        (.accent, .absent), (.accent, .error), (.absent, .error), (.accent, .dim), (.absent, .dim),
      ]
      for (a, b) in pairs {
        let colours = try [a, b].map {
          TerminalColour.colour256(try #require(UInt8(exactly: palette.look(Style($0)).foreground)))
        }
        let difference = lab(colours[0], matrix) - lab(colours[1], matrix)
        let distance = (difference * difference).sum().squareRoot()
        #expect(distance >= 20, "\(a) \(b) \(kind) light: \(String(describing: isLight))")
      }
    }
  }

  /// The text of the screen from a cell on, as far as the style goes.
  private func run(_ screen: Screen, _ row: Int, _ column: Int) -> String {
    var text = ""
    for at in column..<screen.size.columns where screen[row, at].style == screen[row, column].style
    {
      if at > column, screen[row, at - 1].style != screen[row, column].style { break }
      if screen[row, at].glyph != "\0" { text.unicodeScalars.append(screen[row, at].glyph) }
    }
    return text
  }

  /// Scripts whose screens show every meaning.
  private static let scripts: [[MemoryDriver.Step]] = [
    [], MemoryDriver.Step.open("001") + [.type("a]A]x]P")],
    MemoryDriver.Step.open("004") + [.type("v")],
    MemoryDriver.Step.open("001") + [.type(":undo")], MemoryDriver.Step.open("001") + [.type("F")],
  ]

  @Test(
    "in mono nothing is lost: what is coloured elsewhere has its own sign or word",
    arguments: [(80, 24), (120, 40), (160, 50)])
  func signs(_ size: (Int, Int)) {
    var capabilities = TerminalCapabilities()
    capabilities.apply(.mono, environment: [:])
    // Bars, curves and outlines say it by their place beside the threshold's mark.
    let drawn = Set("━┿│╷┃▶▲".unicodeScalars)
    var seen: Set<Style.Role> = []
    for script in Self.scripts {
      let session = Session(script, columns: size.0, rows: size.1, capabilities: capabilities)
      let screen = session.driver.screen
      for row in 0..<size.1 {
        for column in 0..<size.0 {
          let cell = screen[row, column]
          let starts = column == 0 || screen[row, column - 1].style != cell.style
          guard starts, cell.glyph != " ", cell.image == 0 else { continue }
          let text = run(screen, row, column)
          let line = session.lines[row]
          seen.insert(cell.style.role)
          switch cell.style.role {
          case .accent:
            let isDrawn = text.unicodeScalars.allSatisfy {
              drawn.contains($0) || (0x2800...0x28ff).contains($0.value)
                || " ▀▄█".unicodeScalars.contains($0)
            }
            let words = ["▲", "FLAG", "peak", "present", "●"]
            let isNamed = words.contains { text.contains($0) }
            // A segment's name in the gutter bears its sign at the next cell, a count its word.
            let follows = line.contains("flagged") || line.contains("▲")
            // A name under the curve: the ladder says the same of it.
            let inLadder = session.lines.contains { $0.contains(text) && $0.contains("FLAG") }
            #expect(isDrawn || isNamed || follows || inLadder, "\(text) in \(line)")
          case .absent:
            #expect(text.contains("absent") || text.contains("○"), "\(text) in \(line)")
          case .error:
            #expect(["NOT SAVED", "problem", "! "].contains { text.contains($0) }, "\(text)")
          case .normal, .dim, .faint, .image: break
          }
          if cell.style == .selected, session.driver.screen.size.rows - 2 != row {
            let name = text.trimmingCharacters(in: .whitespaces)
            let isMarked = session.lines.contains { $0.contains("▸") && $0.contains(name) }
            // In the gutter a heavy bracket marks the segment as well, where a list lies over the ladder.
            let isBracketed = line.contains("┃") && line.hasPrefix(" \(name)")
            #expect(row == 0 || isMarked || isBracketed, "\(text) in \(line)")
          }
        }
      }
      // Pictures are grey: outlines are white or black.
      for placement in screen.placements {
        #expect(placement.picture.pixels.pixels.allSatisfy { $0.r == $0.g && $0.g == $0.b })
      }
    }
    #expect(seen.isSuperset(of: [.accent, .absent, .error, .normal, .dim]))
  }

  @Test("flags and verdicts can be told from the text alone")
  func textAlone() throws {
    let session = Session(MemoryDriver.Step.open("001") + [.type("a]A]x]P")])
    let rows = session.lines.filter { $0.contains("FLAG") || $0.contains("cannot tell") }
    #expect(rows.contains { $0.contains("▲ FLAG") && $0.contains("● present") })
    #expect(session.lines.contains { $0.contains("○ absent") })
    #expect(session.lines.contains { $0.contains("? cannot tell") })
    // The gutter beside the picture: a sign at the flagged segments only.
    let beside = StudyLayout(
      size: session.driver.size, isAligned: nil, capabilities: session.driver.capabilities
    ).gutter
    for line in session.lines[beside.row..<beside.rowEnd] {
      let gutter = String(line.prefix(7))
      guard let name = FixtureNames.flagged.first(where: gutter.contains) else { continue }
      #expect(gutter.contains(name + "▲"), "\(gutter)")
    }
    let calm = Session(MemoryDriver.Step.open("002"))
    #expect(calm.lines[beside.row..<beside.rowEnd].allSatisfy { !$0.prefix(7).contains("▲") })
  }

  @Test("the smallest screen, too, has sign and word of every verdict, and the grade beside them")
  func textAloneWhereSmall() {
    let session = Session(
      MemoryDriver.Step.open("001") + [.type("ay]A]x")], columns: 80, rows: 24)
    for words in ["● present g1", "○ absent", "? cannot tell"] {
      #expect(session.lines.contains { $0.hasSuffix(words) }, "\(words)")
    }
    // Beside the truth the longest word is a shorter one.
    let desk = Desk(FixtureRoom(.learner), columns: 80, rows: 24)
    desk.press("\n" + TeachingTests.answers + "E")
    #expect(desk.row("C4-5").hasSuffix("● present  ● present"))
    #expect(desk.row("C5-6").hasSuffix("● present× ○ absent"))
    #expect(desk.row("C6-7").hasSuffix("○ absent × ? unsure"))
  }

  /// Segments that the fixture's first study has flagged.
  private enum FixtureNames {
    static let flagged = ["C4-5", "C5-6"]
  }

  @Test("without colours what is darker than expected looks other than what is brighter")
  func signedMap() throws {
    let study = try FixtureStudies.study("001")
    let picture = try #require(study.pictures.first { $0.anomaly != nil })
    var source = PictureSource(picture)
    source.anomaly = ImageRaster(
      rows: picture.image.rows, columns: picture.image.columns,
      pixels: (0..<picture.image.pixels.count).map {
        let (row, column) = ($0 / picture.image.columns, $0 % picture.image.columns)
        guard (100..<130).contains(column) else { return 0 }
        return (60..<90).contains(row) ? 1 : (140..<170).contains(row) ? -1 : 0
      })
    source.picture.image = picture.image.map { _ in 50 }
    func pixels(_ kind: OverlayKind, _ colours: Int?) -> [UInt8] {
      let view = SliceView(
        subject: "001", slice: 0,
        crop: PixelRect(rows: 0..<picture.image.rows, columns: 0..<picture.image.columns),
        canvas: PictureCanvas(
          size: PixelSize(width: 512, height: 512), pixelAspect: 1, monochrome: true,
          sixelColours: colours),
        window: WindowLevel(from: 0, to: 100), isInverted: false,
        overlay: OverlaySetting(kind: kind, opacity: 0.6, from: 0.5, full: 1))
      return view.draw(source).pixels.pixels.map(\.r)
    }
    // Grey is 127: patches are mixed with it, outlines are not.
    for colours in [nil, 256] {
      let (signed, heat) = (pixels(.signed, colours), pixels(.heat, colours))
      #expect(signed.contains { $0 > 180 } && signed.contains { $0 < 80 })
      #expect(heat.contains { $0 > 180 } && !heat.contains { $0 < 80 })
      #expect(pixels(.none, colours).allSatisfy { (120...134).contains($0) })
    }
    let words = OverlayKind.allCases.map { $0.words(monochrome: true) }
    #expect(words.allSatisfy { !$0.contains("colour") })
  }
}
