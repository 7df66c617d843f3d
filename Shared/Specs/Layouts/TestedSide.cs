namespace HpcFit.Shared.Specs.Layouts;

/// <summary>Which statistics of shuffled data are at least as extreme as the observed one.</summary>
public enum TestedSide
{
    /// <summary>Those of at least the same magnitude.</summary>
    Both,

    /// <summary>Those that are at least as large.</summary>
    Upper,

    /// <summary>Those that are at most as large.</summary>
    Lower,
}
