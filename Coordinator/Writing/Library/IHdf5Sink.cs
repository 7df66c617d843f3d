using HpcFit.Coordinator.Writing.Contents;

namespace HpcFit.Coordinator.Writing.Library;

/// <summary>Where a write goes, step by step: into an open file, or to the process that has it open.</summary>
internal interface IHdf5Sink
{
    /// <summary>Removes a link that is there, and with it what nothing else links to.</summary>
    void Delete(string path);

    /// <summary>Makes a group where there is none, and those on the way to it.</summary>
    void CreateGroup(string path);

    /// <summary>Makes a dataset, and the groups on the way to it; what follows is for it.</summary>
    void CreateDataset(DatasetLayout layout);

    /// <summary>Stores a chunk of the last dataset as it is.</summary>
    /// <param name="origin">Its first value, one number an axis.</param>
    /// <param name="filterMask">Bit i set: filter i was left out for this chunk.</param>
    /// <param name="stored">The encoded chunk.</param>
    void WriteChunk(IReadOnlyList<long> origin, uint filterMask, ReadOnlySpan<byte> stored);

    /// <summary>Writes values of the last dataset through the library.</summary>
    /// <param name="region">What they are.</param>
    /// <param name="values">C order, little-endian, packed.</param>
    void WriteRegion(Region region, ReadOnlySpan<byte> values);

    /// <summary>
    /// Makes an attribute of a group or dataset; one that is there takes the value, and must have the same type and shape.
    /// </summary>
    void WriteAttribute(string owner, AttributeContent attribute);

    /// <summary>Hands everything so far to the system, so that it is found in the file when the writer is killed.</summary>
    void Flush();

    /// <summary>Copies an object of another file to the same path, with its attributes and, of a group, all that is below it.</summary>
    void CopyObject(string sourceFile, string path);

    /// <summary>Copies the attributes of an object of another file to the object of the same path, which is there already.</summary>
    void CopyAttributes(string sourceFile, string path);
}
