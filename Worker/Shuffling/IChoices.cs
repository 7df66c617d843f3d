namespace HpcFit.Worker.Shuffling;

/// <summary>
/// The choices that determine a shuffle, in the order in which <see cref="ExchangePlan"/> asks for them. Structures implement it, so that
/// the loops over choices are compiled for each.
/// </summary>
internal interface IChoices
{
    /// <summary>One of 0 to <paramref name="bound"/> - 1.</summary>
    /// <param name="bound">At least 1.</param>
    int Next(int bound);

    /// <summary>Whether a sign changes.</summary>
    bool NextFlip();
}
