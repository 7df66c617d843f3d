using HpcFit.Shared.Failures;
using HpcFit.Shared.Hdf5;

namespace HpcFit.Coordinator.Imaging.Exporting.Places;

/// <summary>Where the elements of an export lie by the files that the user gave, to be compared with the tables of the data file.</summary>
internal interface IElementPlaces
{
    /// <summary>Compares.</summary>
    /// <returns>What could not be compared, for the user to know; empty: everything agrees.</returns>
    /// <exception cref="BadInputException">An element lies elsewhere: the maps would be wrong.</exception>
    IReadOnlyList<string> Compare(Hdf5ReadFile data);
}
