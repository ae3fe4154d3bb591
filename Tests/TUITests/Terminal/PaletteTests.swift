import Foundation
import Imaging
import Testing

@testable import TUI

@Suite("Colours of text can be read on the background there is")
struct PaletteTests {
  /// Contrast of two colours as WCAG 2 defines it, 1...21.
  private func contrast(_ a: RGB8, _ b: RGB8) -> Double {
    func luminance(_ colour: RGB8) -> Double {
      func linear(_ value: UInt8) -> Double {
        let part = Double(value) / 255
        return part > 0.04045 ? pow((part + 0.055) / 1.055, 2.4) : part / 12.92
      }
      return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test("256 colours: flags, errors and hints reach a contrast of 3.5 and more")
  func contrasts() throws {
    #expect(abs(contrast(.black, .white) - 21) < 0.01)
    for (isLight, backgrounds) in [
      (Bool?.some(true), [RGB8.white]), (false, [.black]), (nil, [.white, .black]),
    ] {
      let palette = Palette(colours: 256, isLight: isLight)
      for role in [Style.Role.accent, .error, .dim] {
        let index = try #require(UInt8(exactly: palette.look(Style(role)).foreground))
        for background in backgrounds {
          let value = contrast(TerminalColour.colour256(index), background)
          #expect(value >= 3.5, "\(role) \(index) on light: \(String(describing: isLight))")
        }
      }
    }
  }

  @Test("8 colours: yellow only where the background is known to be dark")
  func few() {
    #expect(Palette(colours: 8, isLight: false).look(.accent).foreground == 3)
    #expect(Palette(colours: 8, isLight: true).look(.accent).foreground == 5)
    #expect(Palette(colours: 8, isLight: nil).look(.accent).foreground == 5)
    #expect(Palette(colours: 0, isLight: true).look(.accent).foreground == -1)
  }

  @Test("The terminal's answer on its background is read")
  func answers() {
    let answers: [(String, Bool?)] = [
      ("rgb:ffff/ffff/ffff", true), ("rgb:0000/0000/0000", false), ("rgb:ff/fa/e6", true),
      ("rgba:1e1e/1e1e/2e2e/ffff", false), ("rgb:f/f/0", true), ("rgb:fdfd/f6f6/e3e3", true),
      ("rgb:", nil), ("rgb:12345/0/0", nil), ("white", nil), ("", nil), ("rgb:-1/0/0", nil),
    ]
    for (text, isLight) in answers { #expect(TerminalReplies.isLight(text) == isLight, "\(text)") }
    for ending in ["\u{7}", "\u{1b}\\"] {
      let bytes = Array("\u{1b}]11;rgb:ffff/ffff/ffff\(ending)\u{1b}[?64;1c".utf8)
      let answer = TerminalReplies.parse(bytes)
      #expect(answer.capabilities.isLight == true && answer.rest.isEmpty && answer.done)
    }
    #expect(TerminalReplies.isLight(colorfgbg: "0;15") == true)
    #expect(TerminalReplies.isLight(colorfgbg: "15;default;0") == false)
    #expect(TerminalReplies.isLight(colorfgbg: "12;8") == false)
    #expect(TerminalReplies.isLight(colorfgbg: "x") == nil)
  }

  @Test("A terminal type with too few colours is given its sibling's name")
  func advice() {
    var capabilities = TerminalCapabilities()
    capabilities.colours = 8
    capabilities.type = "screen"
    #expect(capabilities.graphics == .none("8 colours, 16 needed: TERM=screen-256color"))
    for (type, better) in [
      ("screen.linux", "screen-256color"), ("screen-bce", "screen-256color"),
      ("xterm", "xterm-256color"), ("xterm-256color", nil), ("linux", nil), ("", nil),
    ] as [(String, String?)] {
      capabilities.type = type
      #expect(capabilities.typeForPictures == better, "\(type)")
      let words = better.map { ": TERM=\($0)" } ?? ", or sixel"
      #expect(capabilities.graphics == .none("8 colours, 16 needed\(words)"), "\(type)")
    }
    capabilities.type = "screen"
    capabilities.colours = 256
    #expect(capabilities.typeForPictures == nil)
  }

  @Test("Of a picture in four greys is said, as there is room, that a lesion may not show")
  func fewGreys() {
    var capabilities = TerminalCapabilities()
    (capabilities.colours, capabilities.type) = (16, "xterm-16color")
    #expect(capabilities.fewGreys == 4)
    let words = "4 greys: a lesion may not show"
    #expect(capabilities.greyWarning(room: 80) == "\(words); TERM=xterm-256color has 26")
    #expect(capabilities.greyWarning(room: 30) == words)
    #expect(capabilities.greyWarning(room: 29) == "4 greys: not for lesions")
    #expect(capabilities.greyWarning(room: 10) == "4 greys")
    capabilities.type = "linux"
    #expect(capabilities.greyWarning(room: 80) == words && capabilities.greyAdvice == words)
    capabilities.colours = 88
    #expect(capabilities.fewGreys == 4)
    capabilities.colours = 8
    #expect(capabilities.fewGreys == nil, "there no picture is drawn")
    capabilities.colours = 256
    #expect(capabilities.fewGreys == nil && capabilities.greyAdvice == nil)
    (capabilities.colours, capabilities.choice) = (16, .kitty)
    #expect(capabilities.fewGreys == nil, "a picture of the terminal's own colours")
    let greys = Set((0...255).map { TerminalColour.index16(RGB8(grey: UInt8($0))) })
    #expect(greys.count == TerminalColour.greys16)
  }
}
