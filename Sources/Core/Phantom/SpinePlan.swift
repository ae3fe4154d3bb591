/// The shape of one patient's spine, canal and cord, in mm along and across the spine's curve.
///
/// Bodies are indexed from C2 = 0 to T6 = 10; disc i lies below body i.
struct SpinePlan: Sendable {
  /// A vertebral body in its own frame.
  struct Body: Sendable {
    /// s of the upper and lower endplate.
    var top: Float
    var bottom: Float
    /// Anterior-posterior depth in mm and half width left to right.
    var depth: Float
    var halfWidth: Float
    /// Hollowing of the endplates and of the waist in mm.
    var hollow: Float
    var waist: Float
    /// Overhang of the corners in mm: anterior and posterior, upper and lower.
    var beaks: (frontTop: Float, frontBottom: Float, backTop: Float, backBottom: Float)
    /// Signal of the marrow over the tissue's usual.
    var signal: Float
    /// Brightening (fat, oedema) or darkening (sclerosis) beside the lower and upper endplate.
    var endplateChange: (top: Float, bottom: Float)
    var centre: Float { (top + bottom) / 2 }
    var halfHeight: Float { (bottom - top) / 2 }
  }

  /// An intervertebral disc.
  struct Disc: Sendable {
    var centre: Float
    var height: Float
    var depth: Float
    /// mm behind (and before) the line of the bodies' walls.
    var bulge: Float
    var frontBulge: Float
    /// Signal of the nucleus over that of CSF.
    var nucleus: Float
  }

  /// A spinous process: a tapered capsule that starts behind the canal.
  struct Spinous: Sendable {
    var s: Float
    var length: Float
    /// Tilt downwards against the normal, in degrees.
    var droop: Float
    var rootRadius: Float
    var tipRadius: Float
  }

  /// Body size against an average neck.
  var scale: Float
  var curve: SpineCurve
  var bodies: [Body]
  var discs: [Disc]
  var spinous: [Spinous]
  /// s of the tip of the dens.
  var densTip: Float
  /// n of the dural sac's front and back at its middle, by s, and its half width.
  var sacFront: Profile
  var sacBack: Profile
  var sacHalfWidth: Profile
  /// n of the cord's front and back at its middle, by s, and its half width.
  var cordFront: Profile
  var cordBack: Profile
  var cordHalfWidth: Profile
  /// How much the CSF space is narrowed, 0...1, by s.
  var narrowness: Profile
  /// Relative brightness of the normal cord by s.
  var cordBrightness: Profile
  /// Sideways place of the spine's midline by scene d.
  var midline: Profile
  /// Sideways place of the cord's axis against the midline by s.
  var cordSide: Profile

  /// Average heights of bodies C3...T6, discs C2-3...T5-6, and depths C2...T6, in mm.
  static let heights: [Float] = [21, 13.2, 12.9, 12.6, 12.8, 14.2, 16, 17, 17.5, 18, 18]
  static let discHeights: [Float] = [5, 5.2, 5.5, 5.6, 5.6, 5.2, 4.6, 4.2, 4, 4]
  static let depths: [Float] = [16.2, 16.4, 16.6, 17, 17.6, 18, 18.4, 19, 19.5, 20, 20.5]
  static let halfWidths: [Float] = [9.5, 10, 10.5, 11, 12, 13.5, 15, 15, 15, 15, 15]

  /// s of the centre of a body; of C2 with its dens.
  func levelCentre(_ level: VertebralLevel) -> Float? {
    guard level != .c1, level.rawValue - 2 < bodies.count else { return nil }
    if level == .c2 { return (densTip + bodies[0].bottom) / 2 + 1 }
    return bodies[level.rawValue - 2].centre
  }

  /// The landmark of a level: the middle of its body (of C2 with the dens), as (s, n).
  func landmark(_ level: VertebralLevel) -> (s: Float, n: Float)? {
    guard let s = levelCentre(level) else { return nil }
    return (s, -bodies[level.rawValue - 2].depth * (level == .c2 ? 0.45 : 0.5))
  }

  /// s of the disc below a body.
  func disc(_ index: Int) -> Float { discs[index].centre }
}
