/// Wording that every screen and export carries.
public enum Notice {
  /// The notice of use.
  public static let researchUse = "research use only, not for diagnosis"
  /// The version of the program, recorded with every result.
  public static let version = "0.1.0"
}
