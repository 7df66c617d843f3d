namespace HpcFit.Shared.Functions;

/// <summary>What a bridge is asked, once it was told the function and the phenotypes.</summary>
public enum BridgeQuestion
{
    /// <summary>The function's answers at a batch of elements.</summary>
    Fit = 1,

    /// <summary>The function's answer at one element, with its names.</summary>
    Learn = 2,

    /// <summary>Nothing: it is told which columns answers have from now on.</summary>
    Columns = 3,
}

/// <summary>The descriptors of a bridge's two pipes: high enough to be nobody else's.</summary>
public static class BridgeDescriptors
{
    /// <summary>Where it reads.</summary>
    public const int Questions = 100;

    /// <summary>Where it writes.</summary>
    public const int Answers = 101;
}
