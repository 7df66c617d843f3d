namespace HpcFit.Shared.Functions;

/// <summary>The requests to a bridge, after it has received the function and the phenotypes.</summary>
public enum BridgeQuestion
{
    /// <summary>The function's results at a batch of elements.</summary>
    Fit = 1,

    /// <summary>The function's result at one element, with its names.</summary>
    Learn = 2,

    /// <summary>No result: it sets the columns of all later results.</summary>
    Columns = 3,
}

/// <summary>The descriptors of a bridge's two pipes: high enough not to collide with others.</summary>
public static class BridgeDescriptors
{
    /// <summary>The pipe from which the bridge reads.</summary>
    public const int Questions = 100;

    /// <summary>The pipe to which the bridge writes.</summary>
    public const int Answers = 101;
}
